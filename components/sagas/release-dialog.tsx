"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { ReasonField } from "@/components/ui/reason-field";
import { holdLimits } from "@/lib/sagas/rules";
import { counted } from "@/lib/words";
import { requestRelease, type SagaChoice } from "./actions";
import { useHoldRequest } from "./use-hold-request";

type Props = { selection: SagaChoice; n: number; pastN: number; onClose: () => void };

/** To let compensations go: those that are past their deadline start at once, so it asks why. */
export function ReleaseDialog({ selection, n, pastN, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const request = useHoldRequest(requestRelease, onClose);
  const short = reason.trim().length < holdLimits.reasonLengthMin;
  const confirm = () => {
    setTried(true);
    if (!short && !request.isPending && !request.isSuccess) request.mutate({ selection, reason: reason.trim() });
  };
  return (
    <FormDialog
      title={`Release compensations of ${counted(n, "saga")}`}
      submit={{ words: `Release ${n.toLocaleString("en-US")}`, busy: request.isPending && "Releasing", danger: true }}
      error={request.error}
      undone="Nothing was released."
      onSubmit={confirm}
      onClose={onClose}
    >
      <p className="text-ink-2">
        {pastN > 0
          ? `${counted(pastN, "of them is", "of them are")} past the deadline and ${pastN === 1 ? "starts" : "start"} to compensate at once; what is undone cannot be done again.`
          : "None is past its deadline: each goes on as if it had not been held."}
      </p>
      <ReasonField
        value={reason}
        error={tried && short ? `Say why they may go on. At least ${holdLimits.reasonLengthMin} characters.` : null}
        placeholder="Why may they go on?"
        onChange={setReason}
      />
    </FormDialog>
  );
}
