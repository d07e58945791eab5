"use client";
import { useState } from "react";
import type { Operator } from "@/lib/operators/rules";
import { requestChange, requestReset, requestSessionsEnd } from "./actions";
import { ConfirmDialog } from "./confirm-dialog";
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
    <ConfirmDialog
      title={`A new password for ${name}?`}
      act="Give a new password"
      busy={reset.isPending && "Giving"}
      error={reset.error}
      danger
      onAct={() => reset.mutate(id)}
      onClose={onClose}
    >
      The present one, all sessions and all personal tokens of theirs end at once. You are shown the new one this once. Your
      approvals and theirs do not count for each other for 30 days.
    </ConfirmDialog>
  );
}

/** Takes the way in away, or gives it back. */
export function ActiveDialog({ operator: { id, name, active }, onClose }: Props) {
  const change = usePersonIntent(requestChange, () => {
    onClose();
    return active ? `${name} may not sign in any more` : `${name} may sign in again`;
  });
  return (
    <ConfirmDialog
      title={active ? `Switch ${name} off?` : `Let ${name} sign in again?`}
      act={active ? "Switch off" : "Let them in"}
      busy={change.isPending && "Changing"}
      error={change.error}
      danger={active}
      onAct={() => change.mutate({ operatorId: id, active: !active })}
      onClose={onClose}
    >
      {active
        ? "Their sessions and personal tokens end at once. Nobody is deleted: the audit names them, and they can be let in again."
        : "With the role and the zones that they have. Their tokens stay revoked."}
    </ConfirmDialog>
  );
}

/** Signs somebody out everywhere. */
export function SignOutDialog({ operator: { id, name }, onClose }: Props) {
  const end = usePersonIntent(requestSessionsEnd, ({ ended }) => {
    onClose();
    return ended === 1 ? "One session has ended" : `${ended} sessions have ended`;
  });
  return (
    <ConfirmDialog
      title={`Sign ${name} out everywhere?`}
      act="End all sessions"
      busy={end.isPending && "Ending"}
      error={end.error}
      danger
      onAct={() => end.mutate(id)}
      onClose={onClose}
    >
      Every browser of theirs has to sign in again. Tokens go on.
    </ConfirmDialog>
  );
}
