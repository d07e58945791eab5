"use client";
import { Choice } from "@/components/ui/choice";
import { Segmented } from "@/components/ui/segmented";
import { type useZoneChoice, ZoneChoice } from "@/components/zones/zone-choice";
import { type Role, roles } from "@/lib/context";

type Props = { role: Role; setRole: (role: Role) => void; zones: ReturnType<typeof useZoneChoice>; zonesError: string | null };

/** What decides over a person's permissions: role and zones. */
export function StandingFields({ role, setRole, zones, zonesError }: Props) {
  return (
    <>
      <Choice label="Role" hint="A viewer looks, an operator acts, an approver agrees to what others ask for.">
        <Segmented label="Role" value={role} options={roles.map((each) => ({ value: each, label: each }))} onChange={setRole} />
      </Choice>
      <ZoneChoice choice={zones} all="All zones" error={zonesError} />
    </>
  );
}

/** Nobody is to be left without a zone by having chosen none. */
export const zonesErrorOf = (zones: string[] | null): string | null =>
  zones?.length === 0 ? "Choose one zone at least, or all." : null;
