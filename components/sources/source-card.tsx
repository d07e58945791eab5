"use client";
import { Flag, Tag, VerdictBadge } from "@/components/ui/badge";
import { countText, durationText, traceText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { LiveAge, LiveAgo } from "@/components/ui/live-age";
import { Facts, Panel } from "@/components/ui/panel";
import { Tooltip } from "@/components/ui/tooltip";
import { When } from "@/components/ui/when";
import type { SourceRow } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import { counted } from "@/lib/words";
import { SetUp } from "./set-up";
import { clockOffsetMsShown, foreignWords, longTransactionMsShown, stateLook } from "./words";

/** One source: whether it is seen, how fast, what it holds, and what is odd about it. */
export function SourceCard({ source, now }: { source: SourceRow; now: Instant }) {
  return (
    <Panel id={source.sourceId} aria-label={source.service} className="scroll-mt-4 target:ring-2 target:ring-focus">
      <Head source={source} now={now} />
      <Trouble source={source} now={now} />
      <div className="grid gap-x-8 gap-y-3 px-3.5 py-3 sm:grid-cols-2">
        <Figures source={source} now={now} />
        <About source={source} now={now} />
      </div>
      <SetUp source={source} now={now} />
    </Panel>
  );
}

type Told = { source: SourceRow; now: Instant };

function Head({ source, now }: Told) {
  const look = stateLook[source.state];
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 border-b px-3.5 py-2.5">
      <h2 className="font-semibold">{source.service}</h2>
      <VerdictBadge verdict={look.verdict}>{look.word}</VerdictBadge>
      <span className="text-12 text-ink-3">
        {source.observedAt === null ? (
          "no good look yet"
        ) : (
          <>
            last good look <LiveAgo at={source.observedAt} asOf={now} />
            {source.lookMs !== null && `, in ${traceText(source.lookMs)}`}
          </>
        )}
      </span>
      <span className="ml-auto flex flex-wrap items-center gap-1.5">
        {source.backlog && <Tag tone="conv">catching up</Tag>}
        <Tag code>{source.preset}</Tag>
        <Tooltip
          content={
            source.act
              ? "Operators may retry and discard here."
              : "act: false in accord.yaml. Accord never writes to this source."
          }
        >
          <button type="button" className="rounded-bar">
            <Tag>{source.act ? "reads and acts" : "reads only"}</Tag>
          </button>
        </Tooltip>
      </span>
    </div>
  );
}

function About({ source, now }: Told) {
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

function Figures({ source: { figures }, now }: { source: SourceRow; now: Instant }) {
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
        ["To publish", pending],
        ["To deliver", countText(figures.deliveriesOpenN)],
        ["Parked", countText(figures.parkedN)],
        ["Held for order", countText(figures.heldN)],
        ["Sagas running", countText(figures.sagasRunningN)],
        [
          "Duplicates, 24 h",
          `${countText(figures.duplicatesDropped24h)} dropped, ${countText(figures.semanticDuplicates24h)} had an effect`,
        ],
      ]}
    />
  );
}

function Trouble({ source, now }: { source: SourceRow; now: Instant }) {
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
    <div className="space-y-1.5 border-b px-3.5 py-2.5">
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
