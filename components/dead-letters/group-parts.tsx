"use client";
import { linearScale } from "@/components/charts/scale";
import { TimeChart } from "@/components/charts/time-chart";
import { VerdictGlyph } from "@/components/ui/glyph";
import { LiveAgo } from "@/components/ui/live-age";
import { Sentence } from "@/components/ui/sentence";
import { When } from "@/components/ui/when";
import type { GroupView } from "@/lib/dead-letters/views";
import { minutes } from "@/lib/time";
import { counted } from "@/lib/words";

/** What to do next, in words; amber while the cause is still at work. */
export function NextHint({ view }: { view: GroupView }) {
  if (view.nextHint.length === 0) return null;
  const growing = view.group.growingPerMinute > 0;
  return (
    <div className={`${growing ? "v-risk" : "v-none"} flex gap-2.5 rounded-control border border-edge bg-tint px-3 py-2.5`}>
      <VerdictGlyph verdict={growing ? "at_risk" : "unknown"} className={growing ? "mt-0.5" : "hidden"} />
      <p>
        <Sentence parts={view.nextHint} />
        {view.origin.length > 0 && (
          <>
            {" "}
            <Sentence parts={view.origin} />
          </>
        )}
      </p>
    </div>
  );
}

/** Messages parked per minute, with deploys: does it still come in, and since when? */
export function ArrivalsChart({ view, framed, height = 150 }: { view: GroupView; framed?: boolean; height?: number }) {
  const from = view.arrivals[0]?.at ?? view.now - minutes(60);
  const most = Math.max(0, ...view.arrivals.map((each) => each.n));
  return (
    <TimeChart
      title="Parked per minute"
      summary={`Parked per minute: at most ${most}, ${view.group.growingPerMinute > 0 ? `growing by ${view.group.growingPerMinute} a minute` : "nothing new in the last minute"}`}
      unit="count"
      from={from}
      to={view.now}
      stepMs={minutes(1)}
      rows={view.arrivals}
      drawn={[{ key: "n", label: "parked", color: "var(--breach-fill)", shape: "bar" }]}
      scale={linearScale("count", most)}
      marks={view.marks}
      height={height}
      framed={framed}
      level={framed === false ? 3 : 2}
    />
  );
}

/** What a group is, as term and value. */
export function groupFacts(view: GroupView): [string, React.ReactNode][] {
  const { group, now } = view;
  const seen: [string, React.ReactNode] = [
    "First, last",
    <span key="seen">
      <When at={group.firstAt} now={now} />, <LiveAgo at={group.lastAt} asOf={now} />
    </span>,
  ];
  // The rest is told of messages, which are with another group.
  if (view.placed.ledTo) return [seen];
  return [
    seen,
    [
      "Attempts",
      group.records !== null && (!group.records.attempts || view.attemptsMax === 0)
        ? `not recorded by ${group.records.by}`
        : `${view.attemptsMax === 1 ? "1" : `up to ${view.attemptsMax}`} of a message, then parked`,
    ],
    [
      "Versions",
      group.versions.length === 0
        ? "not told"
        : group.versions.map((each) => (
            <span key={each.version} className="mr-2">
              {each.openN.toLocaleString("en-US")} on <span className="mono">{each.version}</span>
            </span>
          )),
    ],
    ["Never on", view.reach.neverOn],
    ["Keys", view.reach.keys],
    ["Behind it", view.reach.behind],
    ...(view.reach.cause.length === 0
      ? []
      : [["Its cause", <Sentence key="cause" parts={view.reach.cause} />] as [string, React.ReactNode]]),
    ["Left before", view.closedN === 0 ? "none" : `${counted(view.closedN, "time")}: processed, discarded or parked anew`],
  ];
}
