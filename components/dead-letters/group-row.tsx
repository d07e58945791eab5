"use client";
import { Sparkbars } from "@/components/charts/sparkline";
import { Avatar, Flag, Tag } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { countText, initials } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Td } from "@/components/ui/table";
import { toneClass, verdictTone } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import type { GroupRow as Group } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { verdicts } from "@/lib/verdicts/rules";
import { CauseWords } from "./cause-words";
import { regroupedTag } from "./regrouped-words";
import { versionWords } from "./words";

export const groupHref = (groupId: string): string => `/dead-letters/groups/${encodeURIComponent(groupId)}`;
/** The group's own page, with its notes, also where its messages are with another one by now. */
export const ownGroupHref = (groupId: string): string => `${groupHref(groupId)}?own=true`;

type Props = {
  group: Group;
  now: Instant;
  chosen: boolean;
  atCursor: boolean;
  onChoose: (range: boolean) => void;
  onPick: () => void;
};

/** Messages that failed in the same way: the error, who reads what, where it hurts, how it comes in, how many are parked. */
export function GroupRow({ group, now, chosen, atCursor, onChoose, onPick }: Props) {
  const version = versionWords(group.versions);
  const regrouped = regroupedTag(group.regrouped);
  const worst = verdicts.find((verdict) => group.zones.some((zone) => zone.verdict === verdict)) ?? "unknown";
  const tone = worst === "breached" ? "breach" : "risk";
  const growing = group.growingPerMinute > 0;
  const cell = cn("h-19.25 py-1.5", (chosen || atCursor) && "bg-selected");
  return (
    <tr data-row={group.groupId} onClick={onPick} className="cursor-pointer hover:bg-hover">
      <Td className={cn(cell, "w-10 pr-0", atCursor && "shadow-cursor")}>
        <Checkbox checked={chosen} onChange={(_, shift) => onChoose(shift)} label={`Select ${group.errorType}`} />
      </Td>
      <Td className={cell}>
        <div className="flex min-w-0 items-center gap-x-2 max-sm:flex-wrap">
          <Link
            href={groupHref(group.groupId)}
            onClick={(event) => event.stopPropagation()}
            className="min-w-12 truncate font-semibold hover:underline max-sm:w-full"
          >
            {group.errorType}
          </Link>
          {version && <Tag code>{version}</Tag>}
          {regrouped && <Tag className="min-w-0 shrink truncate">{regrouped}</Tag>}
          {growing && <Flag tone={tone}>growing, {countText(group.growingPerMinute)} a minute</Flag>}
          {group.triage.ready && <Flag tone="accent">ready to retry</Flag>}
          {group.triage.regressed && <Flag tone="risk">came back</Flag>}
          {group.askedN > 0 && <Flag tone="accent">{countText(group.askedN)} to be approved</Flag>}
          {group.busyN > 0 && <Flag tone="accent">{countText(group.busyN)} in an operation</Flag>}
        </div>
        <div className="truncate font-mono text-12 leading-4.5 tracking-code text-ink-2">
          {group.template}
          <CauseWords cause={group.cause} />
        </div>
        <div className="mt-px flex items-center gap-x-1 truncate text-12 text-ink-2 max-sm:flex-wrap">
          <span className="mono">{group.consumer}</span>
          <span className="text-ink-3">reads</span>
          <span className="mono truncate">{group.eventType}</span>
          {group.origin && <b className="font-medium max-sm:w-full">{group.origin}</b>}
          {group.zones.map((zone) => (
            <span key={zone.zoneId} className="ml-1.5 inline-flex min-w-0 items-center gap-1">
              <VerdictGlyph verdict={zone.verdict} size={14} labelled />
              <span className="truncate">{zone.title}</span>
            </span>
          ))}
          {group.zones.length === 0 && <span className="ml-1.5 text-ink-3">no contract</span>}
          {group.triage.state !== "new" && <span className="ml-1.5 lg:hidden">{group.triage.word}</span>}
        </div>
      </Td>
      <Td className={cn(cell, "max-sm:hidden")}>
        <Sparkbars
          values={group.arrivals}
          className={growing ? toneClass[verdictTone[worst === "breached" ? "breached" : "at_risk"]] : "text-ink-3"}
        />
      </Td>
      <Td num className={cn(cell, "text-14 font-semibold")}>
        <span title={(group.matchedN ?? group.openN).toLocaleString("en-US")}>
          {countText(group.matchedN ?? group.openN)}
          {group.matchedMore && "+"}
        </span>
        {group.matchedN !== null && (
          <span className="block text-11 font-normal text-ink-3" title={group.openN.toLocaleString("en-US")}>
            of {countText(group.openN)}
          </span>
        )}
      </Td>
      <Td className={cn(cell, "text-12 max-sm:hidden")}>
        <LiveAgo at={group.lastAt} asOf={now} />
        <br />
        <When at={group.firstAt} now={now} className="text-ink-3" />
      </Td>
      <Td className={cn(cell, "text-12 max-lg:hidden")}>
        <Standing group={group} />
      </Td>
    </tr>
  );
}

/** Who has it, and where it stands. */
function Standing({ group: { triage } }: { group: Group }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {triage.assignee ? (
        <>
          <Avatar text={initials(triage.assignee.name)} small quiet />
          <span className="sr-only">{triage.assignee.name},</span>
        </>
      ) : (
        <span aria-hidden="true" className="size-4.5 flex-none rounded-full border border-line-strong border-dashed" />
      )}
      <span className="line-clamp-2 [overflow-wrap:anywhere]" title={triage.assignee?.name}>
        {triage.word}
      </span>
    </span>
  );
}
