"use client";
import type { ReactNode } from "react";
import { useFrozen } from "@/components/live/staleness";
import { Flag, Tag, VerdictBadge } from "@/components/ui/badge";
import { countText, durationText, traceText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { LiveAge, LiveAgo } from "@/components/ui/live-age";
import { Facts } from "@/components/ui/panel";
import { Tooltip } from "@/components/ui/tooltip";
import { When } from "@/components/ui/when";
import type { SourceRow } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import { counted } from "@/lib/words";
import { clockOffsetMsShown, foreignWords, longTransactionMsShown, stateLook } from "./words";

type Told = { source: SourceRow; now: Instant };

/** Whether a source is seen, when it was last looked at, and what may be done there. */
export function Seen({ source, now }: Told) {
  const frozen = useFrozen();
  const look = frozen && source.state === "live" ? ({ verdict: "unknown", word: "Was live" } as const) : stateLook[source.state];
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <VerdictBadge verdict={look.verdict}>{look.word}</VerdictBadge>
      <span className="text-12 text-ink-3">
        {source.observedAt === null ? (
          "no good look yet"
        ) : (
          <>
            looked at <LiveAgo at={source.observedAt} asOf={now} />
            {source.lookMs !== null && `, in ${traceText(source.lookMs)}`}
          </>
        )}
      </span>
      {source.backlog && <Tag tone="conv">catching up</Tag>}
    </span>
  );
}

/** How Accord reads it, and whether it may act there. */
export function Access({ source }: { source: SourceRow }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Tag code>{source.preset}</Tag>
      <Tooltip
        content={
          source.act ? "Operators may retry and discard here." : "act: false in accord.yaml. Accord never writes to this source."
        }
      >
        <button type="button" className="rounded-bar">
          <Tag>{source.act ? "reads and acts" : "reads only"}</Tag>
        </button>
      </Tooltip>
    </span>
  );
}

/** How it is configured, and who looks at it. */
export function About({ source, now }: Told) {
  return (
    <Facts
      rows={[
        [
          "Source",
          <span key="id" className="mono">
            {source.sourceId}
          </span>,
        ],
        [
          "Consumers",
          source.consumers.length === 0 ? (
            "none"
          ) : (
            <span key="c" className="mono">
              {source.consumers.join(", ")}
            </span>
          ),
        ],
        [
          "Versions",
          source.versions.length === 0
            ? "not told"
            : source.versions.map((each) => (
                <span key={each.consumer} className="block">
                  <span className="mono">
                    {each.consumer} {each.version}
                  </span>
                  , since <When at={each.since} now={now} />
                </span>
              )),
        ],
        [
          "Looked at by",
          source.heldBy === null ? (
            "no worker"
          ) : (
            <span key="w" className="mono">
              {source.heldBy}
            </span>
          ),
        ],
        ["Clock", clockWords(source.clockOffsetMs)],
      ]}
    />
  );
}

const clockWords = (offset: number | null): string =>
  offset === null
    ? "not measured"
    : Math.abs(offset) <= clockOffsetMsShown
      ? "agrees within 1 s"
      : `${offWords(offset)} Accord's; ages are corrected`;

const offWords = (offset: number): string => `${durationText(Math.abs(offset))} ${offset > 0 ? "ahead of" : "behind"}`;

/** What it has open, as of the last look. */
export function Figures({ source: { figures, abilities }, now }: { source: SourceRow; now: Instant }) {
  const recorded = (is: boolean | undefined, figure: ReactNode) => (is === false ? "not recorded" : figure);
  if (figures === null) return <p className="text-12 text-ink-3">Nothing is known of what it holds.</p>;
  const pending =
    figures.oldestPendingSince === null ? (
      countText(figures.outboxPendingN)
    ) : (
      <>
        {countText(figures.outboxPendingN)}, the oldest <LiveAge since={figures.oldestPendingSince} asOf={now} />
      </>
    );
  return (
    <Facts
      rows={[
        ["To publish", recorded(abilities?.outbox === null ? false : abilities?.outbox?.published, pending)],
        ["To deliver", recorded(abilities ? abilities.inbox !== null : true, countText(figures.deliveriesOpenN))],
        ["Parked", recorded(abilities ? abilities.deadLetters !== null : true, countText(figures.parkedN))],
        ["Held for order", recorded(abilities?.held, countText(figures.heldN))],
        ["Sagas running", recorded(abilities ? abilities.sagas !== null : true, countText(figures.sagasRunningN))],
        [
          "Duplicates, 24 h",
          recorded(
            abilities?.held,
            `${countText(figures.duplicatesDropped24h)} dropped, ${countText(figures.semanticDuplicates24h)} had an effect`,
          ),
        ],
      ]}
    />
  );
}

/** What is odd about it; nothing when nothing is. */
export function Trouble({ source, now }: Told) {
  const { error, clockOffsetMs, longTransactionMs, timesOff } = source;
  const flags: string[] = [];
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockOffsetMsShown) flags.push(`clock ${clockWords(clockOffsetMs)}`);
  if (timesOff !== null)
    flags.push(
      `its service's times are ${offWords(timesOff.ms)} its database's clock; ages count from first seen, lags are not counted`,
    );
  if (longTransactionMs !== null && longTransactionMs >= longTransactionMsShown)
    flags.push(`a transaction has been open for ${durationText(longTransactionMs)}; what it wrote cannot be seen until it ends`);
  if (source.oddRowsN > 0)
    flags.push(`${counted(source.oddRowsN, "row")} with times or states that make no sense; aged from first seen`);
  for (const one of source.foreign) flags.push(foreignWords(one));
  const { notCompared } = source;
  if (error === null && flags.length === 0 && notCompared.length === 0 && source.rereadAt === null) return null;
  return (
    <div className="space-y-1.5 pt-1.5">
      {error && (
        <p className="text-12">
          <b className="text-breach-fg">{error.message}</b>{" "}
          <span className="text-ink-3">
            since <When at={error.since} now={now} />
            {error.nextLookAt !== null && (
              <>
                , next look at <When at={error.nextLookAt} now={now} />
              </>
            )}
          </span>
        </p>
      )}
      {flags.map((flag) => (
        <p key={flag} className="[&_span]:whitespace-normal">
          <Flag tone="risk">{flag}</Flag>
        </p>
      ))}
      {notCompared.map(({ zoneId, rule, problem, since }) => (
        <p key={`${zoneId}/${rule}`} className="text-12">
          <Link href={`/zones/${encodeURIComponent(zoneId)}/divergences`} className="link mono">
            {rule}
          </Link>{" "}
          cannot be compared since <When at={since} now={now} />: {problem}
        </p>
      ))}
      {source.rereadAt !== null && (
        <p className="text-12 text-ink-2">
          Read anew at <When at={source.rereadAt} now={now} />
          {source.rereadWhy && `: ${source.rereadWhy}`}
        </p>
      )}
    </div>
  );
}
