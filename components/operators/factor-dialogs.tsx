"use client";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { FormDialog } from "@/components/form-dialog";
import { Field } from "@/components/ui/field";
import type { Operator } from "@/lib/operators/rules";
import { requestFactorEnd, requestFactorEndOf } from "./actions";
import { usePersonIntent } from "./use-person-intent";

type Props = { operator: Operator; onClose: () => void };

/** Takes one's own second factor away. */
export function OwnFactorDialog({ onClose }: Props) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const end = usePersonIntent(requestFactorEnd, () => {
    onClose();
    return "Your second factor is removed";
  });
  const refusal = end.error instanceof Refused ? end.error : null;
  const wrong = (field: string) => (refusal?.detail.field === field ? refusal.message.replace(`${field}: `, "It ") : null);
  return (
    <FormDialog
      title="Remove your second factor?"
      submit={{ words: "Remove second factor", busy: end.isPending && "Removing", danger: true }}
      error={refusal?.detail.field ? null : end.error}
      onSubmit={() => !end.isPending && end.mutate({ password, code })}
      onClose={onClose}
    >
      <p className="text-ink-2">The password alone lets you in again, and the recovery codes count no more.</p>
      <Field
        label="Present password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        error={wrong("password")}
        onText={setPassword}
      />
      <Field
        label="Code"
        note="of your authenticator, or a recovery code"
        autoComplete="one-time-code"
        required
        value={code}
        error={wrong("code")}
        onText={setCode}
      />
    </FormDialog>
  );
}

/** Takes away the second factor of somebody who has neither their authenticator nor a recovery code. */
export function FactorDialog({ operator: { id, name }, onClose }: Props) {
  const end = usePersonIntent(requestFactorEndOf, () => {
    onClose();
    return `The second factor of ${name} is removed`;
  });
  return (
    <FormDialog
      title={`Remove the second factor of ${name}?`}
      submit={{ words: "Remove second factor", busy: end.isPending && "Removing", danger: true }}
      error={end.error}
      onSubmit={() => !end.isPending && end.mutate(id)}
      onClose={onClose}
    >
      <p className="text-ink-2">
        Their password alone lets them in again; all their sessions and personal tokens end at once. Make sure that it is they who
        ask. Your approvals and theirs do not count for each other for 30 days.
      </p>
    </FormDialog>
  );
}
