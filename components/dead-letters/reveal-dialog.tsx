"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { oneEffect } from "@/components/intent";
import { ReasonField } from "@/components/ui/reason-field";
import type { PayloadView } from "@/lib/dead-letters/views";
import { limits } from "@/lib/operations/rules";
import { requestReveal } from "./payload-actions";

type Props = { id: string; onRevealed: (view: PayloadView) => void; onClose: () => void };

/** Asks why masked values have to be seen. Sent by hand and not through the cache of what was asked: that would keep the values. */
export function RevealDialog({ id, onRevealed, onClose }: Props) {
  const [send] = useState(() => oneEffect(requestReveal));
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const short = why.trim().length < limits.reasonLengthMin;
  const ask = async () => {
    setTried(true);
    if (short || busy) return;
    setBusy(true);
    try {
      onRevealed(await send({ id, reason: why.trim() }));
    } catch (refused) {
      setError(refused instanceof Error ? refused : new Error(String(refused)));
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title="Reveal what is masked?"
      submit={{ words: "Reveal for 60 s", busy: busy && "Asking" }}
      error={error}
      undone="Nothing was revealed."
      onClose={onClose}
      onSubmit={() => void ask()}
    >
      <p className="text-ink-2">
        You see this one message as it is, for 60 s. The audit has that you did, why, and which fields are masked; it has no
        value.
      </p>
      <ReasonField
        value={why}
        error={tried && short ? `Say why you have to see it. At least ${limits.reasonLengthMin} characters.` : null}
        placeholder="Why do you have to see it?"
        onChange={setWhy}
      />
    </FormDialog>
  );
}
