"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { useZoneChoice } from "@/components/zones/zone-choice";
import type { Role } from "@/lib/context";
import { requestInvitation } from "./actions";
import { PasswordDialog } from "./password-dialog";
import { StandingFields, zonesErrorOf } from "./standing-fields";

/** Somebody new: who, what they may, and how they come in. Then their password, this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [way, setWay] = useState<"password" | "provider">("password");
  const [tried, setTried] = useState(false);
  const zones = useZoneChoice();
  const invite = useIntent(requestInvitation, {
    onSuccess: ({ password }) => {
      if (password !== null) return client.invalidateQueries({ queryKey: ["people"] });
      toast(`${name} is invited, and comes in through the provider`);
      onClose();
      return client.invalidateQueries({ queryKey: ["people"] });
    },
  });
  const refusal = invite.error instanceof Refused ? invite.error : null;
  const errors = {
    email: /^\S+@\S+$/.test(email.trim()) ? null : "Their e-mail address, as the provider knows it too.",
    name: name.trim() === "" ? "How the audit is to name them." : null,
    zones: zonesErrorOf(zones.zones),
  };
  const shown = tried ? errors : { email: null, name: null, zones: null };
  if (invite.data && way === "password") return <PasswordDialog name={name} password={invite.data.password} onClose={onClose} />;
  return (
    <FormDialog
      title="Invite somebody"
      submit={{ words: "Invite", busy: invite.isPending && "Inviting" }}
      error={refusal?.detail.field === "email" ? null : invite.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (Object.values(errors).some((error) => error !== null) || invite.isPending) return;
        invite.mutate({ email: email.trim(), name: name.trim(), role, zones: zones.zones, password: way === "password" });
      }}
    >
      <Field
        label="E-mail"
        type="email"
        autoFocus
        autoComplete="off"
        value={email}
        maxLength={254}
        error={refusal?.detail.field === "email" ? refusal.message : shown.email}
        onText={setEmail}
      />
      <Field label="Name" autoComplete="off" value={name} maxLength={100} error={shown.name} onText={setName} />
      <StandingFields role={role} setRole={setRole} zones={zones} zonesError={shown.zones} />
      <Choice label="Comes in with">
        <Segmented
          label="Comes in with"
          value={way}
          options={[
            { value: "password", label: "a password" },
            { value: "provider", label: "the provider only" },
          ]}
          onChange={setWay}
        />
      </Choice>
    </FormDialog>
  );
}
