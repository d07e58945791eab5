"use client";
import { useScreenActions } from "@/components/shell/palette/actions";
import { AssignMenu } from "@/components/ui/assign-menu";
import { Button } from "@/components/ui/button";
import { useKeys } from "@/components/ui/keys";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import type { CaseView } from "@/lib/cases/views";
import { caseName } from "@/lib/cases/words";
import { hours, minutes, windowWords } from "@/lib/time";
import { focusResolve } from "./resolve-panel";
import type { CaseActs } from "./use-case";

/** How long one may put a case aside: an hour, half a shift, a day, a week. */
const snoozes = [hours(1), hours(4), hours(24), hours(24 * 7) - minutes(1)];
const snoozeWord = (ms: number): string => (ms > hours(48) ? "7 days" : windowWords(ms));

/** What one does with a case first: take it, acknowledge it, put it aside, go to how it ends. */
export function CaseButtons({ view, acts, reopen }: { view: CaseView; acts: CaseActs; reopen: () => void }) {
  const { one } = view;
  const resolved = one.resolvedAt !== null;
  const mine = acts.me !== null && one.assignee?.id === acts.me.operatorId;
  const assign = (to: string | null) => acts.ask({ act: "assign", to, from: one.assignee?.id ?? null });
  const takeIt = () => {
    if (acts.me && !mine) assign(acts.me.operatorId);
  };
  const acknowledge = () => acts.ask({ act: "acknowledge" });
  useKeys(resolved ? {} : { a: takeIt, e: focusResolve });
  const named = (word: string): string => `${word} ${caseName(one.caseId)}`;
  useScreenActions(
    resolved
      ? [{ label: named("Reopen"), run: reopen, blocked: acts.blocked("reopen") }]
      : [
          ...(mine ? [] : [{ label: named("Take"), run: takeIt, keys: "a", blocked: acts.blocked("assign") }]),
          ...(one.acknowledged ? [] : [{ label: named("Acknowledge"), run: acknowledge, blocked: acts.blocked("acknowledge") }]),
          { label: named("Resolve"), run: focusResolve, keys: "e", blocked: acts.blocked("resolve") },
        ],
  );
  if (resolved)
    return (
      <div className="ml-auto flex gap-2">
        <Button blocked={acts.blocked("reopen")} onClick={reopen}>
          Reopen
        </Button>
      </div>
    );
  return (
    <div className="ml-auto flex flex-wrap gap-2 max-md:ml-0">
      <AssignMenu
        assignee={one.assignee}
        people={view.people}
        me={acts.me?.operatorId ?? null}
        blocked={acts.blocked("assign")}
        busy={acts.busy("assign") && "Assigning"}
        assign={assign}
      />
      {one.acknowledged === null && (
        <Button
          tone="primary"
          blocked={acts.blocked("acknowledge")}
          busy={acts.busy("acknowledge") && "Acknowledging"}
          onClick={acknowledge}
        >
          Acknowledge
        </Button>
      )}
      <Snooze view={view} acts={acts} />
      <Button
        shortcut="e"
        blocked={one.askedBy === null ? acts.blocked("resolve") : "It waits for a second person."}
        onClick={focusResolve}
      >
        {one.askedBy === null ? "Resolve" : "Resolve, waits for approval"}
      </Button>
    </div>
  );
}

function Snooze({ view: { one, now }, acts }: { view: CaseView; acts: CaseActs }) {
  const blocked = acts.blocked("snooze");
  const busy = acts.busy("snooze") && "Snoozing";
  if (one.state === "snoozed")
    return (
      <Button blocked={blocked} busy={busy} onClick={() => acts.ask({ act: "snooze", until: null })}>
        Wake
      </Button>
    );
  const button = (
    <Button blocked={blocked} busy={busy}>
      Snooze
    </Button>
  );
  if (blocked) return button;
  return (
    <Menu trigger={button}>
      <MenuNote>It wakes by itself, or when it is due</MenuNote>
      {snoozes.map((ms) => (
        <MenuItem key={ms} onSelect={() => acts.ask({ act: "snooze", until: Math.round(now + ms) })}>
          For {snoozeWord(ms)}
        </MenuItem>
      ))}
    </Menu>
  );
}
