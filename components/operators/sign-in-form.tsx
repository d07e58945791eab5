"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { CODE_ASKED } from "@/lib/operators/second-factor/words";
import { type SignInAnswer, signInByPassword, signInByProvider, type Typed } from "./sign-in";

type Props = { to: string; again: boolean; provider: string | null; failure: string | null };

/** E-mail and password, then the code of who has a second factor; and the provider's button when there is one. A refusal stays until the next try. */
export function SignInForm({ to, again, provider, failure }: Props) {
  const [error, setError] = useState<{ message: string; typed: boolean } | null>(
    failure === null ? null : { message: failure, typed: false },
  );
  const [busy, setBusy] = useState<"password" | "provider" | null>(null);
  // What was right so far, held while the code is typed.
  const [held, setHeld] = useState<Typed | null>(null);

  async function attempt(way: "password" | "provider", ask: () => Promise<SignInAnswer>, typed: Typed | null) {
    if (busy) return;
    setBusy(way);
    setError(null);
    const answer = await ask();
    // A whole page load, so that nothing fetched as a stranger is left over; the button stays busy until then.
    if (answer.ok) return location.assign(answer.url);
    const asked = answer.message === CODE_ASKED;
    if (asked) setHeld(typed);
    else setError({ message: answer.message, typed: way === "password" });
    setBusy(null);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name));
    const typed = held ? { ...held, code: text("code") } : { email: text("email"), password: text("password") };
    void attempt("password", () => signInByPassword(typed, to), typed);
  }

  return (
    <div className="flex flex-col gap-4">
      <Refusal message={error?.message ?? null} />
      {/* Sent before the scripts are there, a form without a method would put the password into the address. */}
      <form method="post" onSubmit={submit} className="flex flex-col gap-4">
        {held ? <CodeField wrong={error !== null} /> : <PasswordFields wrong={error?.typed ?? false} />}
        <Button type="submit" tone="primary" busy={busy === "password" && "Signing in"} className="w-full">
          Sign in
        </Button>
      </form>
      {held && (
        <Button
          className="w-full"
          onClick={() => {
            setHeld(null);
            setError(null);
          }}
        >
          Sign in as somebody else
        </Button>
      )}
      {provider && !held && (
        <ProviderButton
          provider={provider}
          busy={busy === "provider"}
          onClick={() => void attempt("provider", () => signInByProvider(provider, to, again), null)}
        />
      )}
    </div>
  );
}

function PasswordFields({ wrong }: { wrong: boolean }) {
  return (
    <>
      <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus aria-invalid={wrong} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required aria-invalid={wrong} />
    </>
  );
}

function CodeField({ wrong }: { wrong: boolean }) {
  return (
    <Field
      label="Code"
      note="of your authenticator, or a recovery code"
      name="code"
      autoComplete="one-time-code"
      required
      autoFocus
      aria-invalid={wrong}
    />
  );
}

function ProviderButton({ provider, busy, onClick }: { provider: string; busy: boolean; onClick: () => void }) {
  return (
    <>
      <p className="flex items-center gap-3 text-12 text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      <Button busy={busy && `Going to ${provider}`} className="w-full" onClick={onClick}>
        Sign in with {provider}
      </Button>
    </>
  );
}

// The region is there from the start: a live region that appears together with its text is not read out.
function Refusal({ message }: { message: string | null }) {
  return (
    <div
      role="alert"
      className={
        message === null ? "sr-only" : "rounded-control border border-breach-edge bg-breach-tint px-3 py-2 text-breach-fg"
      }
    >
      {message}
    </div>
  );
}
