"use client";
import { type FormEvent, type ReactNode, useState } from "react";
import { Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { requestFactor, requestFactorConfirmed } from "./actions";
import { SquareCode } from "./square-code";

type Props = { email: string; to: string; mayLeave: boolean };

/** Sets a second factor up: the password, then the square and its first code, then the recovery codes, each shown once. */
export function FactorForm({ email, to, mayLeave }: Props) {
  const begin = useIntent(requestFactor);
  const confirm = useIntent(requestFactorConfirmed);
  const leave = mayLeave ? <ButtonLink href={to}>Back</ButtonLink> : <ButtonLink href="/sign-out">Sign out</ButtonLink>;
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} to={to} />;
  if (begin.data?.secret && begin.data.uri)
    return (
      <Step error={confirm.error} onTyped={(code) => !confirm.isPending && confirm.mutate(code)}>
        {(wrong) => (
          <>
            <SquareCode text={begin.data.uri!} label="A square for your authenticator" />
            <Copied label="Or type this into it" text={begin.data.secret!} what="secret" />
            <Field
              key="code"
              label="Its first code"
              name="typed"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              autoFocus
              error={wrong}
            />
            <div className="flex gap-2">
              <Button type="submit" tone="primary" busy={confirm.isPending && "Confirming"} className="flex-1">
                Confirm
              </Button>
              {leave}
            </div>
          </>
        )}
      </Step>
    );
  return (
    <Step error={begin.error} onTyped={(password) => !begin.isPending && begin.mutate(password)}>
      {(wrong) => (
        <>
          {/* For what keeps passwords: whose this is. */}
          <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
          <Field
            key="password"
            label="Present password"
            name="typed"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            error={wrong}
          />
          <div className="flex gap-2">
            <Button type="submit" tone="primary" busy={begin.isPending && "Beginning"} className="flex-1">
              Go on
            </Button>
            {leave}
          </div>
        </>
      )}
    </Step>
  );
}

type StepProps = { error: Error | null; onTyped: (text: string) => void; children: (wrong: string | null) => ReactNode };

// What is wrong with the field stands under it; every other refusal above the button.
function Step({ error, onTyped, children }: StepProps) {
  const ofField = error instanceof Refused && error.detail.field !== undefined;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onTyped(String(new FormData(event.currentTarget).get("typed")));
  }
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      <div role="alert" className={error && !ofField ? "text-breach-fg" : "sr-only"}>
        {error && !ofField ? error.message : null}
      </div>
      {children(error && ofField ? error.message.replace(/^\w+: /, "It ") : null)}
    </form>
  );
}

function Copied({ label, text, what }: { label: string; text: string; what: string }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-12 font-medium">{label}</span>
      <div className="flex items-center gap-2 rounded-control border border-line-strong bg-sunken px-2.5 py-1.5">
        <code className="mono min-w-0 flex-1 select-all whitespace-pre-wrap text-12 [overflow-wrap:anywhere]">{text}</code>
        <CopyButton text={text} label={`Copy the ${what}`} />
      </div>
    </div>
  );
}

function RecoveryCodes({ codes, to }: { codes: string[] | null; to: string }) {
  const [left, setLeft] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <Banner look="at_risk" title="Keep these recovery codes now.">
        Each lets you in once when your authenticator is away. Accord keeps only a hash of them: left, this page shows them no
        more.
      </Banner>
      {codes ? (
        <Copied label="Recovery codes" text={codes.join("\n")} what="recovery codes" />
      ) : (
        <p>They were shown before. Remove the second factor and set it up again if they were not kept.</p>
      )}
      <Button
        tone="primary"
        busy={left && "Going on"}
        onClick={() => {
          setLeft(true);
          // A whole page load, so that nothing that was refused before is left over.
          location.assign(to);
        }}
      >
        I have kept them
      </Button>
    </div>
  );
}
