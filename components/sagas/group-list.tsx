"use client";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Icon } from "@/components/ui/icons";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { toneClass } from "@/components/ui/tone";
import type { SagaGroup } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import { Countdown } from "./countdown";
import { HoldButton } from "./hold-button";

type Props = { groups: SagaGroup[]; now: Instant; onShow: (filter: string) => void };

const quoted = (text: string): string => (/\s/.test(text) ? `"${text}"` : text);

/** Sagas that are to be seen, by type and step: evidence, next step and its action on one row. */
export function GroupList({ groups, now, onShow }: Props) {
  const firstDue = groups.filter(({ firstDueAt }) => firstDueAt !== null).sort((a, b) => a.firstDueAt! - b.firstDueAt!)[0];
  return (
    <Panel aria-label="Groups of sagas">
      <PanelHead title="By type and step" note="what is stuck, about to compensate, held or being undone" />
      {groups.length === 0 ? (
        <Empty kind="good" title="No saga needs anybody">
          Every saga that Accord knows of is within its deadline, and its key on its way.
        </Empty>
      ) : (
        <ol>
          {groups.map((group) => (
            <GroupRow
              key={`${group.zone.zoneId}/${group.sagaType}/${group.step}`}
              group={group}
              now={now}
              primary={group === firstDue}
              onShow={onShow}
            />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function GroupRow({ group, now, primary, onShow }: Omit<Props, "groups"> & { group: SagaGroup; primary: boolean }) {
  const { zone, sagaType, step, firstDueAt } = group;
  const hot = group.n > group.heldN || group.dueN > 0;
  const n = Math.max(group.n + group.dueN, group.heldN, group.compensatingN);
  return (
    <li
      className={cn(
        "grid grid-cols-[20px_minmax(0,1fr)] gap-3 border-b px-3.5 py-3.25 last:border-b-0 sm:grid-cols-[20px_minmax(0,1fr)_64px_176px]",
        toneClass[hot ? "breach" : group.heldN > 0 ? "risk" : "conv"],
      )}
    >
      <Icon name={hot ? "saga" : group.heldN > 0 ? "pause" : "undo"} className="mt-0.5 text-fg" />
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-2 font-semibold">
          <span>
            <Sentence parts={group.title} />
          </span>
          {firstDueAt !== null && <Countdown at={firstDueAt} asOf={now} />}
        </h3>
        <p className="mt-px text-ink-2 [overflow-wrap:anywhere]">
          <Sentence parts={group.evidence} />
        </p>
        <p className="mt-0.75">
          <span className="mr-1 text-ink-3">Next</span>
          {group.next}
        </p>
        <p className="mt-0.75 flex items-center gap-1.5 text-12 text-ink-2">
          <VerdictGlyph verdict={zone.verdict} size={14} labelled />
          {zone.title}
        </p>
      </div>
      <p className="text-12 max-sm:hidden">
        <b className="text-15">{n.toLocaleString("en-US")}</b> <span className="text-ink-3">{n === 1 ? "saga" : "sagas"}</span>
      </p>
      <div className="flex flex-col gap-1.5 max-sm:col-start-2">
        {group.hold && <HoldButton target={group.hold} primary={primary} className="w-full" />}
        <Button
          size="sm"
          className="w-full"
          onClick={() => onShow(`zone:${zone.zoneId} type:${quoted(sagaType)}${step === null ? "" : ` step:${quoted(step)}`}`)}
        >
          View sagas
        </Button>
      </div>
    </li>
  );
}
