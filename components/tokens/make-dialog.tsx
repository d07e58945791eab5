"use client";

import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { ZoneChoice } from "@/components/zones/zone-choice";
import { type Person, roles } from "@/lib/context";
import type { ProofAsked } from "@/lib/operators/views";
import type { TokenKind } from "@/lib/tokens/rules";
import { useMakeForm } from "./make-form";
import { SecretPanel } from "./secret-panel";
import { SignInAgain } from "./sign-in-again";
import { lifetimes } from "./words";

type Props = { kind: TokenKind; me: Person; proof: ProofAsked; onClose: () => void };
type Form = ReturnType<typeof useMakeForm>;

/** Makes a token, then shows its secret, this once. */
export function MakeDialog({ kind, me, proof, onClose }: Props) {
  const form = useMakeForm(kind, me, proof);
  const title = kind === "service" ? "Make a service token" : "Make a token of your own";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={form.made ? form.made.token.name : title}
      foot={
        form.made ? (
          <Button className="ml-auto" tone="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
              Cancel
            </Button>
            {proof !== "sign_in" && (
              <Button type="submit" form="make-token" tone="primary" busy={form.pending && "Making"}>
                Make token
              </Button>
            )}
          </>
        )
      }
    >
      {form.made ? (
        <SecretPanel made={form.made} />
      ) : proof === "sign_in" ? (
        <SignInAgain to="/tokens" />
      ) : (
        <Fields kind={kind} form={form} proof={proof} />
      )}
    </Dialog>
  );
}

function Fields({ kind, form, proof }: { kind: TokenKind; form: Form; proof: ProofAsked }) {
  const able = kind === "service" ? roles : roles.slice(0, roles.indexOf(form.owner.role) + 1);
  return (
    <form
      id="make-token"
      className="flex flex-col gap-3.75 px-dialog-x py-dialog-y max-md:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        form.confirm();
      }}
    >
      {form.refusal && <Banner look="at_risk" title={form.refusal.message} />}
      <Field
        label="Name"
        note="shown in the audit"
        error={form.nameError}
        value={form.name}
        maxLength={60}
        placeholder={kind === "service" ? "deploy pipeline" : "my nightly report"}
        onText={form.setName}
      />
      <Choice label="Role" hint="Tokens never make tokens, change people or approve, whatever their role.">
        <Segmented
          label="Role"
          value={form.role}
          options={able.map((role) => ({ value: role, label: role }))}
          onChange={form.setRole}
        />
      </Choice>
      <ZoneChoice choice={form.zoneChoice} all={kind === "service" ? "All zones" : "All of mine"} error={form.zonesError} />
      <Choice label="Ends after">
        <Segmented
          label="Ends after"
          value={String(form.expiresInDays)}
          options={lifetimes.map((days) => ({ value: String(days), label: `${days} days` }))}
          onChange={(days) => form.setExpiresInDays(Number(days))}
        />
      </Choice>
      {proof === "password" && (
        <Field
          label="Present password"
          note="the token outlives this session"
          type="password"
          autoComplete="current-password"
          value={form.password}
          error={form.passwordError}
          onText={form.setPassword}
        />
      )}
    </form>
  );
}
