import type { ContractTab } from "../contracts/views";
import type { WatchedDelivery } from "../contracts/watched.rules";
import type { MaskingSeen } from "../dead-letters/views";
import type { UnresolvedReason } from "../facts/rules";
import type { ObjectiveRow } from "../objectives/views";
import type { SagaTarget } from "../sagas/rules";
import type { Instant } from "../time";
import type { KeyEntry } from "../timeline/views";
import type { Verdict } from "../verdicts/rules";
import type { Part } from "../words";
import type { ChartColumns, PointsOf } from "./charts.rules";
import type { Anomaly, AnomalyCounts, KeysByAge } from "./rules";

export type { KeysByAge } from "./rules";

/** What crosses the wire for the zone screens: plain values, instants as epoch ms, null where nothing is known. */
export type ZoneRow = {
  zoneId: string;
  title: string;
  verdict: Verdict;
  /** The last verdict before silence; set only while the zone is silent. */
  was: Verdict | null;
  /** Unknown since it is not seen, without figures. One that is unknown and seen has deliveries that nothing records. */
  silent: boolean;
  verdictSince: Instant | null;
  class: string;
  windowMs: number;
  atRiskRatio: number;
  /** Age counts from `since`; the screen ticks. `shareOfWindow` is as of the answer. */
  oldest: { since: Instant; key: string } | null;
  shareOfWindow: number;
  keysN: number | null;
  parkedN: number | null;
  divergencesN: number | null;
  /** Open cases; Accord's own, so known whatever is silent. */
  casesN: number;
  /** Alerts that call for somebody: raised, not acknowledged, not silenced. */
  alertsN: number;
  publishLagMsP95: number | null;
  processingLagMsP95: number | null;
  /** The last 30 minutes, a point a minute, oldest first; null where nothing was measured. */
  publishTrend: (number | null)[];
  processingTrend: (number | null)[];
  /** Past their deadline, near it, held, or not undone: what the sidebar's number is made of. */
  sagasAskingN: number | null;
  sagasStuckN: number | null;
  compensatingN: number | null;
  /** Over 24 h; `all` 0 means none run. */
  compensations: { ok: number; failed: number } | null;
  /** The promise as a figure; Accord's own count, so known whatever is silent. */
  objective: ObjectiveRow;
  /** Copies and older versions of the last hour. */
  lastHour: AnomalyCounts | null;
  owner: string;
  onCall: string | null;
  /** Why it needs attention, with the way to the cause; null for calm zones. */
  why: { text: Part[]; href: string; action: string; hold: SagaTarget | null } | null;
  /** The oldest of its sources' last good statuses; null when one was never seen. */
  observedAt: Instant | null;
};

export type Mark = { at: Instant; kind: "deploy" | "rollback" | "operator"; label: string; href?: string };

/** A sum over zones; `atLeast` when one of them is silent, since what it holds is not counted then. */
export type Sum = { n: number; atLeast: boolean };

export type ZonesView = {
  now: Instant;
  /** What asks for somebody in the zones that one sees. */
  asking: { alertsN: number; groupsN: number; casesN: number; sagas: Sum; divergences: Sum };
  /** Lead and what follows: the lead is set strong. */
  sentence: Part[];
  counts: Record<Verdict, number>;
  zones: ZoneRow[];
  /** A letter a minute per zone (verdictLetter), the last column is the minute of `to`. */
  history: { from: Instant; to: Instant; zones: { zoneId: string; title: string; letters: string }[]; marks: Mark[] };
  freshness: Freshness;
  noContractN: number;
};

export type Freshness = { asOf: Instant | null; sourcesUp: number; sourcesAll: number; configurationProblemsN: number };

export type Cause = {
  id: string;
  kind:
    | "parked"
    | "missed"
    | "undelivered"
    | "unpublished"
    | "held"
    | "saga"
    | "compensation"
    | "divergence"
    | "source"
    | "unwatched"
    | "uncompared"
    | Anomaly["kind"];
  tone: "breach" | "risk" | "calm";
  title: Part[];
  evidence: Part[];
  next: Part[];
  keysN: number;
  /** Not all of its keys were counted. */
  keysAtLeast?: boolean;
  ofKeysN: number;
  /** The cause before it in the list from which it follows; null is a root. */
  follows: string | null;
  action: { label: string; href: string } | null;
  /** Sagas of which the compensations can still be held. */
  saga?: SagaTarget | null;
};

export type ZoneView = {
  now: Instant;
  zone: ZoneRow;
  sentence: Part[];
  keysByAge: KeysByAge | null;
  causes: Cause[];
  contract: {
    revision: number;
    since: Instant;
    promise: string;
    class: string;
    windowMs: number;
    keyName: string;
    slo: string | null;
    ordering: string;
    undo: string[];
    reconcile: string[];
    facts: { fact: string; source: string; service: string; verdict: "ok" | "silent" | "failing"; note: string }[];
  };
  people: { owner: string; onCall: string | null; escalationMs: number | null };
  runbooks: { when: string; title: string; steps: string[]; matches: boolean }[];
  happened: { at: Instant; text: string; tone: "breach" | "plain"; href?: string }[];
  freshness: Freshness;
};

/** The rows behind the number of open keys, the oldest first. */
export type ZoneKeysView = {
  now: Instant;
  title: string;
  keyName: string;
  windowMs: number;
  revision: number;
  keysN: number | null;
  parkedN: number | null;
  keys: {
    key: string;
    since: Instant;
    factsN: number;
    facts: { reason: UnresolvedReason; service: string; eventType: string; since: Instant }[];
  }[];
  after: string | null;
};

/** What happened in a zone: what people did and tried, how it was judged, and what was deployed. */
export type ZoneActivityView = { now: Instant; title: string; entries: KeyEntry[]; older: string | null };

export type ZoneChartsView = ChartColumns & { windowMs: number; marks: Mark[] };
export type ZoneChartPoints = PointsOf<ZoneChartsView>;

/** A zone's contract, and whether the paths that it masks lead to anything in what came. */
export type ZoneContractTab = ContractTab & {
  masking: MaskingSeen;
  /** For each event and consumer that it obliges, what would show that it did not get through. */
  watched: WatchedDelivery[];
};

/** Lags of what goes through a source, a line for each of its consumers and for its outbox; every line on the same steps. */
export type SourceLagView = {
  from: Instant;
  to: Instant;
  stepMs: number;
  /** The shortest window of the contracts that it works for. */
  windowMs: number | null;
  lines: { kind: "consumer" | "outbox"; name: string; points: { at: Instant; p95: number | null }[] }[];
  /** Consumers beyond the lines that a chart can hold apart. */
  moreN: number;
  marks: Mark[];
};

/** How every zone did over a range, for the overview: the same steps for all of them, null where nothing was measured. */
export type ZoneTrendsView = {
  from: Instant;
  to: Instant;
  stepMs: number;
  zones: {
    zoneId: string;
    title: string;
    windowMs: number;
    lagMsP95: (number | null)[];
    oldestMs: (number | null)[];
    /** Compensations that ended in each step. */
    compensationsOk: number[];
    compensationsFailed: number[];
  }[];
  /** Zones beyond the most that are charted at once. */
  moreN: number;
};
