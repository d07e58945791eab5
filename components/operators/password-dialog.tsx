"use client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ShownOnce } from "@/components/ui/shown-once";

type Props = { name: string; password: string | null; onClose: () => void };

/** The password that somebody was given, this once; null when the same press came again and nobody knows it any more. */
export function PasswordDialog({ name, password, onClose }: Props) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`A password for ${name}`}
      foot={
        <Button className="ml-auto" tone="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {password === null ? (
        <div className="px-dialog-x py-dialog-y max-md:px-4">
          <Banner look="at_risk" title="It was shown before, and nobody knows it any more.">
            Give another one if it was not kept.
          </Banner>
        </div>
      ) : (
        <ShownOnce what="password" secret={password} kept="Accord keeps only a hash of it: closed, this is gone for good.">
          It is for one use: {name} is asked for a password of their own before anything opens. Hand it over on a way that you
          trust.
        </ShownOnce>
      )}
    </Dialog>
  );
}
