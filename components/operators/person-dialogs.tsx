"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import type { Operator } from "@/lib/operators/rules";
import { requestChange, requestReset, requestSessionsEnd } from "./actions";
import { PasswordDialog } from "./password-dialog";
import { usePersonIntent } from "./use-person-intent";

type Props = { operator: Operator; onClose: () => void };

/** Another password for somebody who forgot theirs, shown this once. */
export function ResetDialog({ operator: { id, name }, onClose }: Props) {
  const [given, setGiven] = useState<{ password: string | null } | null>(null);
  const reset = usePersonIntent(requestReset, (answer) => {
    setGiven(answer);
    return null;
  });
  if (given) return <PasswordDialog name={name} password={given.password} onClose={onClose} />;
  return (
    <FormDialog
      title={`A new password for ${name}?`}
      submit={{ words: "Give a new password", busy: reset.isPending && "Giving", danger: true }}
      error={reset.error}
      onSubmit={() => reset.mutate(id)}
      onClose={onClose}
    >
      <p className="text-ink-2">
        The present one, all sessions and all personal tokens of theirs end at once. You are shown the new one this once. Your
        approvals and theirs do not count for each other for 30 days.
      </p>
    </FormDialog>
  );
}

/** Takes the way in away, or gives it back. */
export function ActiveDialog({ operator: { id, name, active }, onClose }: Props) {
  const change = usePersonIntent(requestChange, () => {
    onClose();
    return active ? `${name} may not sign in any more` : `${name} may sign in again`;
  });
  return (
    <FormDialog
      title={active ? `Switch ${name} off?` : `Let ${name} sign in again?`}
      submit={{ words: active ? "Switch off" : "Let them in", busy: change.isPending && "Changing", danger: active }}
      error={change.error}
      onSubmit={() => change.mutate({ operatorId: id, active: !active })}
      onClose={onClose}
    >
      <p className="text-ink-2">
        {active
          ? "Their sessions and personal tokens end at once. Nobody is deleted: the audit names them, and they can be let in again."
          : "With the role and the zones that they have. Their tokens stay revoked."}
      </p>
    </FormDialog>
  );
}

/** Signs somebody out everywhere. */
export function SignOutDialog({ operator: { id, name }, onClose }: Props) {
  const end = usePersonIntent(requestSessionsEnd, ({ ended }) => {
    onClose();
    return ended === 1 ? "One session has ended" : `${ended} sessions have ended`;
  });
  return (
    <FormDialog
      title={`Sign ${name} out everywhere?`}
      submit={{ words: "End all sessions", busy: end.isPending && "Ending", danger: true }}
      error={end.error}
      onSubmit={() => end.mutate(id)}
      onClose={onClose}
    >
      <p className="text-ink-2">Every browser of theirs has to sign in again. Tokens go on.</p>
    </FormDialog>
  );
}
