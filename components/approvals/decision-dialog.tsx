"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { Field } from "@/components/ui/field";
import { type Approval, REFUSAL_CHARS_MIN, stillNeeded } from "@/lib/approvals/rules";
import { type Decision, requestDecision } from "./actions";

const words = {
  approve: { title: "Approve this?", act: "Approve", busy: "Approving", follows: approveFollows },
  refuse: {
    title: "Refuse this?",
    act: "Refuse",
    busy: "Refusing",
    follows: () => "Nothing is carried out, and what was held is free again. Who asked is told why.",
  },
  withdraw: {
    title: "Take your request back?",
    act: "Withdraw",
    busy: "Withdrawing",
    follows: () => "Nothing is carried out, and what was held is free again.",
  },
} as const;

function approveFollows(approval: Approval): string {
  const left = approval.neededN - approval.votes.filter(({ vote }) => vote === "approve").length;
  return left > 1
    ? `It then still waits for ${stillNeeded({ ...approval, neededN: approval.neededN - 1 })}.`
    : "It begins at once.";
}

/** What exactly is decided about, what follows, and for a no the reason; then one press more. */
export function DecisionDialog({ approval, decision, onClose }: { approval: Approval; decision: Decision; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const { title, act, busy, follows } = words[decision];
  const decide = useIntent(requestDecision, {
    onSuccess: () => {
      onClose();
      return client.invalidateQueries();
    },
  });
  const short = decision === "refuse" && reason.trim().length < REFUSAL_CHARS_MIN;
  return (
    <FormDialog
      title={title}
      submit={{ words: act, busy: decide.isPending && busy, danger: decision === "refuse" }}
      error={decide.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (short || decide.isPending) return;
        decide.mutate({ approvalId: approval.approvalId, decision, ...(reason.trim() && { reason: reason.trim() }) });
      }}
    >
      <p>
        <b>{approval.summary}</b>
        <span className="block text-ink-2">
          Asked for by {approval.requestedByName}. {follows(approval)}
        </span>
      </p>
      {decision === "refuse" && (
        <Field
          rows={3}
          label="Reason"
          note="shown to who asked, and in the audit"
          autoFocus
          maxLength={2_000}
          value={reason}
          error={tried && short ? `Say why. At least ${REFUSAL_CHARS_MIN} characters.` : null}
          onText={setReason}
        />
      )}
    </FormDialog>
  );
}
