"use client";
import { AssignMenu } from "@/components/ui/assign-menu";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import type { GroupRow } from "@/lib/dead-letters/views";
import { type Asking, notResolved } from "./triage-words";
import type { Triaging } from "./use-triage";

const STATES = "where-it-stands";

/** Opens the menu of where the group stands, for a key. */
export const openStates = (): void => document.getElementById(STATES)?.click();

type Props = {
  group: GroupRow;
  people: { id: string; name: string }[];
  triage: Triaging;
  asks: (asking: Asking) => void;
  size?: "sm";
};

/** Whose a group is, where it stands, and what can be said of it. */
export function TriageButtons({ group, people, triage, asks, size }: Props) {
  return (
    <>
      <AssignMenu
        assignee={group.triage.assignee}
        people={people}
        me={triage.me}
        blocked={triage.blocked("assign")}
        busy={triage.busy("assign") && "Assigning"}
        assign={triage.assign}
        {...(size && { size })}
      />
      <StateMenu group={group} triage={triage} asks={asks} {...(size && { size })} />
    </>
  );
}

function StateMenu({ group, triage, asks, size }: Omit<Props, "people">) {
  const { state, stateN, word } = group.triage;
  const blocked = triage.blocked("state");
  const button = (
    <Button id={STATES} size={size} blocked={blocked} busy={triage.busy("state") && "Saving"} shortcut="e">
      {word}
    </Button>
  );
  if (blocked) return button;
  const why = notResolved(group);
  const to = (next: "new" | "investigating") => triage.ask({ act: "state", from: stateN, state: next });
  return (
    <Menu trigger={button}>
      {state !== "investigating" && <MenuItem onSelect={() => to("investigating")}>Investigating</MenuItem>}
      <MenuItem onSelect={() => asks("waiting")}>Wait for a version</MenuItem>
      <MenuItem onSelect={() => asks("muted")}>Mute</MenuItem>
      {why === null ? (
        <MenuItem onSelect={() => asks("resolved")}>Resolve</MenuItem>
      ) : (
        state !== "resolved" && <MenuNote>Resolve when nothing is parked</MenuNote>
      )}
      {state !== "new" && <MenuItem onSelect={() => to("new")}>Back to new</MenuItem>}
    </Menu>
  );
}
