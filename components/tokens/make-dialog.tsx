"use client";
import { useQuery } from "@tanstack/react-query";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { zonesQuery } from "@/components/zones/queries";
import { type Person, roles } from "@/lib/context";
import type { TokenKind } from "@/lib/tokens/rules";
import { useMakeForm } from "./make-form";
import { SecretPanel } from "./secret-panel";
import { lifetimes } from "./words";

type Props = { kind: TokenKind; me: Person; onClose: () => void };
type Form = ReturnType<typeof useMakeForm>;

/** Makes a token, then shows its secret, this once. */
export function MakeDialog({ kind, me, onClose }: Props) {
  const form = useMakeForm(kind, me);
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
            <Button type="submit" form="make-token" tone="primary" busy={form.pending && "Making"}>
              Make token
            </Button>
          </>
        )
      }
    >
      {form.made ? <SecretPanel made={form.made} /> : <Fields kind={kind} form={form} />}
    </Dialog>
  );
}

function Fields({ kind, form }: { kind: TokenKind; form: Form }) {
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
      <Zones kind={kind} form={form} />
      <Choice label="Ends after">
        <Segmented
          label="Ends after"
          value={String(form.expiresInDays)}
          options={lifetimes.map((days) => ({ value: String(days), label: `${days} days` }))}
          onChange={(days) => form.setExpiresInDays(Number(days))}
        />
      </Choice>
    </form>
  );
}

function Zones({ kind, form }: { kind: TokenKind; form: Form }) {
  const { data } = useQuery({ ...zonesQuery(), select: (view) => view.zones.map(({ zoneId, title }) => ({ zoneId, title })) });
  const all = kind === "service" ? "All zones" : "All of mine";
  return (
    <Choice label="Zones" error={form.zonesError}>
      <Segmented
        label="Zones"
        value={form.some ? "some" : "all"}
        options={[
          { value: "all", label: all },
          { value: "some", label: "Some" },
        ]}
        onChange={(value) => form.setSome(value === "some")}
      />
      {form.some && (
        <div className="mt-2 grid max-h-44 grid-cols-1 gap-1.5 overflow-y-auto sm:grid-cols-2">
          {[...(data ?? [])]
            .sort((a, b) => a.title.localeCompare(b.title))
            .map(({ zoneId, title }) => (
              <span key={zoneId} className="flex min-h-6 items-center gap-2 max-md:min-h-11">
                <Checkbox checked={form.zones.includes(zoneId)} label={title} onChange={() => form.toggle(zoneId)} />
                <span className="truncate">{title}</span>
              </span>
            ))}
        </div>
      )}
    </Choice>
  );
}

function Choice({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string;
  error?: string | null;
  children: React.ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-1">
      <span className="text-12 font-medium" aria-hidden="true">
        {label}
      </span>
      <div className="max-w-full overflow-x-auto">{children}</div>
      {error ? (
        <p role="alert" className="text-12 text-breach-fg">
          {error}
        </p>
      ) : (
        hint && <p className="text-12 text-ink-3">{hint}</p>
      )}
    </div>
  );
}
