"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { type SignInAnswer, signInByPassword, signInByProvider } from "./sign-in";

type Props = { to: string; again: boolean; provider: string | null; failure: string | null };

/** E-mail and password, and the provider's button when there is one. A refusal stays until the next try. */
export function SignInForm({ to, again, provider, failure }: Props) {
  const [error, setError] = useState<{ message: string; typed: boolean } | null>(
    failure === null ? null : { message: failure, typed: false },
  );
  const [busy, setBusy] = useState<"password" | "provider" | null>(null);

  async function attempt(way: "password" | "provider", ask: () => Promise<SignInAnswer>) {
    if (busy) return;
    setBusy(way);
    setError(null);
    const answer = await ask();
    // A whole page load, so that nothing fetched as a stranger is left over; the button stays busy until then.
    if (answer.ok) return location.assign(answer.url);
    setError({ message: answer.message, typed: way === "password" });
    setBusy(null);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    void attempt("password", () => signInByPassword(String(typed.get("email")), String(typed.get("password")), to));
  }

  return (
    <div className="flex flex-col gap-4">
      <Refusal message={error?.message ?? null} />
      {/* Sent before the scripts are there, a form without a method would put the password into the address. */}
      <form method="post" onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          autoFocus
          aria-invalid={error?.typed ?? false}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={error?.typed ?? false}
        />
        <Button type="submit" tone="primary" busy={busy === "password" && "Signing in"} className="w-full">
          Sign in
        </Button>
      </form>
      {provider && (
        <ProviderButton
          provider={provider}
          busy={busy === "provider"}
          onClick={() => void attempt("provider", () => signInByProvider(provider, to, again))}
        />
      )}
    </div>
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
