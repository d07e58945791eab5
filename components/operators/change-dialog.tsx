"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { Field } from "@/components/ui/field";
import { useZoneChoice } from "@/components/zones/zone-choice";
import type { Operator } from "@/lib/operators/rules";
import { requestChange } from "./actions";
import { StandingFields, zonesErrorOf } from "./standing-fields";
import { usePersonIntent } from "./use-person-intent";

/** Another name, role or other zones; effective with the person's next request. */
export function ChangeDialog({ operator, onClose }: { operator: Operator; onClose: () => void }) {
  const [name, setName] = useState(operator.name);
  const [role, setRole] = useState(operator.role);
  const [tried, setTried] = useState(false);
  const zones = useZoneChoice(operator.zones);
  const change = usePersonIntent(requestChange, () => {
    onClose();
    return `${name.trim()} is changed`;
  });
  const errors = { name: name.trim() === "" ? "How the audit is to name them." : null, zones: zonesErrorOf(zones.zones) };
  return (
    <FormDialog
      title={`Change ${operator.name}`}
      submit={{ words: "Change", busy: change.isPending && "Changing" }}
      error={change.error}
      undone={`${operator.name} is as before.`}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (errors.name || errors.zones || change.isPending) return;
        change.mutate({ operatorId: operator.id, name: name.trim(), role, zones: zones.zones });
      }}
    >
      <Field
        label="Name"
        autoFocus
        autoComplete="off"
        value={name}
        maxLength={100}
        error={tried ? errors.name : null}
        onText={setName}
      />
      <StandingFields role={role} setRole={setRole} zones={zones} zonesError={tried ? errors.zones : null} />
    </FormDialog>
  );
}
