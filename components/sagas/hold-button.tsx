"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/components/shell/queries";
import { Button } from "@/components/ui/button";
import { can } from "@/lib/permissions";
import type { SagaTarget } from "@/lib/sagas/rules";
import { HoldDialog } from "./hold-dialog";

type Props = { target: SagaTarget; primary?: boolean; label?: string; className?: string };

/** Holds what a cause is about: opens the dialog, which says what that does. */
export function HoldButton({ target, primary = false, label = "Hold compensations", className }: Props) {
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery());
  const allowed = me ? can(me.actor, "saga.hold", [target.zone]) : null;
  const { zone, type, step } = target;
  return (
    <>
      <Button
        size="sm"
        tone={primary ? "primary" : "default"}
        icon="pause"
        blocked={allowed === null ? "Accord does not know yet who you are." : allowed.ok ? null : allowed.reason}
        className={className}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {open && <HoldDialog selection={{ cause: { zone, type, step } }} onClose={() => setOpen(false)} />}
    </>
  );
}
