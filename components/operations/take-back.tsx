"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { ReasonField } from "@/components/ui/reason-field";
import { limits } from "@/lib/operations/rules";
import { requestTakeBack } from "./actions";
import { useRecorded } from "./use-recorded";

type Props = {
  of: { messages: string[] } | { operationId: string };
  /** What is taken back, in words: "this message", "what OP-7 closed". */
  what: string;
  zones: string[];
  /** Why it cannot be, beside permission. */
  final: string | null;
};

/** Parks again what operators closed: asks why, and leads to the operation that does it. */
export function TakeBack({ of, what, zones, final }: Props) {
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const whyNot = useWhyNot();
  const blocked = final ?? whyNot("dead_letter.take_back", zones);
  const recorded = useRecorded(() => setOpen(false));
  const request = useIntent(requestTakeBack, { onSuccess: (made) => recorded("Taking back", made) });
  const short = why.trim().length < limits.reasonLengthMin;
  return (
    <>
      <Button blocked={blocked} onClick={() => setOpen(true)}>
        Take back
      </Button>
      {open && (
        <FormDialog
          title={`Take ${what} back?`}
          submit={{ words: "Take back", busy: request.isPending && "Asking" }}
          error={request.error}
          undone="Nothing was taken back."
          onClose={() => setOpen(false)}
          onSubmit={() => {
            setTried(true);
            if (!short && !request.isPending) request.mutate({ ...of, reason: why.trim() });
          }}
        >
          <p className="text-ink-2">
            It lies parked again, under the same number, and counts as unresolved. What its service keeps no more, or has closed
            for another reason since, stays closed and says so.
          </p>
          <ReasonField
            value={why}
            error={tried && short ? `Say why it is needed after all. At least ${limits.reasonLengthMin} characters.` : null}
            placeholder="Why is it needed after all?"
            onChange={setWhy}
          />
        </FormDialog>
      )}
    </>
  );
}
