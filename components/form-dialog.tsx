"use client";
import type { ReactNode } from "react";
import { Refused } from "@/components/fetch";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { SUBMIT_KEYS } from "@/components/ui/kbd";
import { submitByKey } from "@/components/ui/submit-key";

const FORM = "asked";

type Props = {
  title: string;
  submit: { words: string; busy: string | false; danger?: boolean };
  /** Why it was not done, and what that leaves as it was. */
  error: Error | null;
  undone?: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** A few fields and one button: what is asked of a person before something is done. */
export function FormDialog({ title, submit, error, undone, onSubmit, onClose, children }: Props) {
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
          <Button type="submit" form={FORM} tone={submit.danger ? "danger" : "primary"} busy={submit.busy} shortcut={SUBMIT_KEYS}>
            {submit.words}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-3.5 px-dialog-x py-dialog-y max-md:px-4"
        onKeyDown={submitByKey}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {error instanceof Refused && (
          <Banner look="at_risk" title={error.message}>
            {undone}
          </Banner>
        )}
        {children}
      </form>
    </Dialog>
  );
}
