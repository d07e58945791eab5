"use client";
import type { ReactNode } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

type Props = {
  title: string;
  act: string;
  busy: string | false;
  error: Error | null;
  danger?: boolean;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** Says what follows, and asks once more. */
export function ConfirmDialog({ title, act, busy, error, danger = false, onAct, onClose, children }: Props) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      foot={
        <>
          <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button tone={danger ? "danger" : "primary"} busy={busy} onClick={onAct}>
            {act}
          </Button>
        </>
      }
    >
      <div className="space-y-3 px-dialog-x py-dialog-y text-ink-2 max-md:px-4">
        {error && <Banner look="at_risk" title={error.message} />}
        <p>{children}</p>
      </div>
    </Dialog>
  );
}
