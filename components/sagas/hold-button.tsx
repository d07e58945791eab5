"use client";
import { useState } from "react";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import type { SagaTarget } from "@/lib/sagas/rules";
import { HoldDialog } from "./dialogs";

type Props = { target: SagaTarget; primary?: boolean; label?: string; className?: string };

/** Holds what a cause is about: opens the dialog, which says what that does. */
export function HoldButton({ target, primary = false, label = "Hold compensations", className }: Props) {
  const [open, setOpen] = useState(false);
  const blocked = useWhyNot()("saga.hold", [target.zone]);
  const { zone, type, step } = target;
  return (
    <>
      <Button
        size="sm"
        tone={primary ? "primary" : "default"}
        icon="pause"
        blocked={blocked}
        className={className}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {open && <HoldDialog selection={{ cause: { zone, type, step } }} onClose={() => setOpen(false)} />}
    </>
  );
}
