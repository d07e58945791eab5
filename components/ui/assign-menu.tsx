"use client";
import { Avatar } from "./badge";
import { Button } from "./button";
import { initials } from "./format";
import { Menu, MenuItem } from "./menu";

type Person = { id: string; name: string };
type Props = {
  assignee: Person | null;
  /** Whom it can be given to. */
  people: Person[];
  me: string | null;
  blocked: string | null;
  busy: string | false;
  assign: (to: string | null) => void;
  size?: "sm";
};

/** Whose something is, and the menu that gives it to somebody else. */
export function AssignMenu({ assignee, people, me, blocked, busy, assign, size }: Props) {
  const mine = me !== null && assignee?.id === me;
  const others = people.filter((person) => person.id !== assignee?.id && person.id !== me);
  const whose = (
    <Button size={size} blocked={blocked} busy={busy} shortcut={mine ? undefined : "a"}>
      {assignee ? (
        <>
          <Avatar text={initials(assignee.name)} small />
          {mine ? "You" : assignee.name}
        </>
      ) : (
        "Assign"
      )}
    </Button>
  );
  if (blocked) return whose;
  return (
    <Menu trigger={whose}>
      {me !== null && !mine && <MenuItem onSelect={() => assign(me)}>To me</MenuItem>}
      {others.map((person) => (
        <MenuItem key={person.id} onSelect={() => assign(person.id)}>
          {person.name}
        </MenuItem>
      ))}
      {assignee && <MenuItem onSelect={() => assign(null)}>To nobody</MenuItem>}
    </Menu>
  );
}
