"use client";
import { type FormEvent, useState } from "react";
import { postJson, Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { passwordLength } from "@/lib/operators/rules";

type Change = { current: string; next: string };
const send = (change: Change, key: string) => postJson<{ endedSessions: number }>("/api/v1/me/password", change, key);

/** The present password and the next one, typed twice. What is wrong stands under the field that it is about. */
export function PasswordForm({ email, to, mayLeave }: { email: string; to: string; mayLeave: boolean }) {
  const [differs, setDiffers] = useState(false);
  // A whole page load, so that nothing that was refused before is left over.
  const change = useIntent(send, { onSuccess: () => location.assign(to) });
  const refusal = change.error instanceof Refused ? change.error : null;
  const wrong = (field: string) => (refusal?.detail.field === field ? refusal.message.replace(`${field}: `, "It ") : null);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [current, next, again] = ["current", "next", "again"].map((name) => String(typed.get(name)));
    setDiffers(next !== again);
    if (next === again && !change.isPending && !change.isSuccess) change.mutate({ current: current!, next: next! });
  }

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      {/* For what keeps passwords: whose this is. */}
      <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
      <Field
        label="Present password"
        name="current"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        error={wrong("current")}
      />
      <Field
        label="New password"
        note={`at least ${passwordLength.min} characters`}
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={passwordLength.min}
        required
        error={wrong("next")}
      />
      <Field
        label="New password once more"
        name="again"
        type="password"
        autoComplete="new-password"
        required
        error={differs ? "It differs from the new password above." : null}
      />
      <div role="alert" className={change.error && !refusal?.detail.field ? "text-breach-fg" : "sr-only"}>
        {change.error && !refusal?.detail.field ? change.error.message : null}
      </div>
      <div className="flex gap-2">
        <Button type="submit" tone="primary" busy={(change.isPending || change.isSuccess) && "Changing"} className="flex-1">
          Change password
        </Button>
        {mayLeave ? <ButtonLink href={to}>Back</ButtonLink> : <ButtonLink href="/sign-out">Sign out</ButtonLink>}
      </div>
    </form>
  );
}
