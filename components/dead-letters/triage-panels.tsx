"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Elsewhere } from "@/components/ui/elsewhere";
import { Input } from "@/components/ui/field";
import { HistoryList, NoteForm } from "@/components/ui/history";
import type { IconName } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { When } from "@/components/ui/when";
import { triageLimits } from "@/lib/dead-letters/triage/rules";
import type { SeenBefore } from "@/lib/dead-letters/triage/views";
import type { GroupRow, GroupView } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { groupHref } from "./group-row";
import type { Triaging } from "./use-triage";

const icons: Record<string, IconName> = {
  ready: "check",
  not_ready: "differs",
  regressed: "differs",
  ended: "check",
};

/** What was said of the group and done with it, the latest first, and a note of one's own. */
export function GroupHistory({ view, triage }: { view: GroupView; triage: Triaging }) {
  return (
    <Panel aria-label="History of the group">
      <PanelHead title="Activity" note="cannot be edited" />
      {view.triage.history.length === 0 ? (
        <p className="px-3.5 pt-3 pb-2.5 text-12 text-ink-3">Nobody has said anything of this group.</p>
      ) : (
        <HistoryList events={view.triage.history} now={view.now} icons={icons} />
      )}
      <NoteForm
        blocked={triage.blocked("note")}
        busy={triage.busy("note")}
        most={triageLimits.noteMost}
        send={(text, done) => triage.ask({ act: "note", text }, done)}
      />
    </Panel>
  );
}

/** The ticket that the group is worked on under, and the way to set it. */
export function Ticket({ ticket, href, triage }: { ticket: string | null; href: string | null; triage: Triaging }) {
  const [text, setText] = useState<string | null>(null);
  const blocked = triage.blocked("ticket");
  if (text === null)
    return (
      <span className="flex flex-wrap items-center gap-2">
        {ticket === null ? (
          "none"
        ) : href ? (
          <Elsewhere href={href}>{ticket}</Elsewhere>
        ) : (
          <span className="[overflow-wrap:anywhere]">{ticket}</span>
        )}
        <Button size="sm" tone="ghost" className="-my-1" blocked={blocked} onClick={() => setText(ticket ?? "")}>
          {ticket === null ? "Set the ticket" : "Change"}
        </Button>
      </span>
    );
  const next = text.trim() === "" ? null : text.trim();
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (next === ticket) setText(null);
        else triage.ask({ act: "ticket", ticket: next, from: ticket }, () => setText(null));
      }}
    >
      <Input
        aria-label="Ticket"
        autoFocus
        placeholder="OPS-123"
        maxLength={triageLimits.ticketMost}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setText(null);
        }}
      />
      <Button type="submit" size="sm" busy={triage.busy("ticket") && "Saving"}>
        Save
      </Button>
    </form>
  );
}

/** What the word for where a group stands leaves open; nothing where the word says all. */
export function TriageNote({ group, className }: { group: Pick<GroupRow, "triage">; className?: string }) {
  const { detail, ready, regressed, word } = group.triage;
  if (detail.length === 0) return null;
  return (
    <p className={cn(ready || regressed ? "font-medium text-ink" : "text-ink-2", className)}>
      {word}: <Sentence parts={detail} />
    </p>
  );
}

/** When this failure, or one at the same call, ended before, and with what. */
export function SeenBeforeList({ seen, now }: { seen: SeenBefore[]; now: Instant }) {
  if (seen.length === 0) return <>never, as far as Accord knows</>;
  return (
    <ul className="grid gap-1.5">
      {seen.map((one) => (
        <li key={`${one.at}${one.other?.groupId ?? ""}`} className="[overflow-wrap:anywhere]">
          <When at={one.at} now={now} className="text-ink-3" />{" "}
          {one.other && (
            <>
              <Link href={groupHref(one.other.groupId)} className="link">
                {one.other.errorType}
              </Link>{" "}
              at the same call:{" "}
            </>
          )}
          <Sentence parts={one.text} />
        </li>
      ))}
    </ul>
  );
}
