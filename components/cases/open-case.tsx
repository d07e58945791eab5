"use client";
import { useState } from "react";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { OpenCaseDialog } from "./dialogs";

type Props = { zoneId: string; title: string; keyName: string };

/** Opens a case by hand: what a person sees and no rule does. */
export function OpenCaseButton({ zoneId, title, keyName }: Props) {
  const [open, setOpen] = useState(false);
  const blocked = useWhyNot()("case.open", [zoneId]);
  return (
    <>
      <Button icon="case" blocked={blocked} onClick={() => setOpen(true)}>
        Open case
      </Button>
      {open && <OpenCaseDialog zoneId={zoneId} title={title} keyName={keyName} onClose={() => setOpen(false)} />}
    </>
  );
}
