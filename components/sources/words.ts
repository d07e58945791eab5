import { defaultRange } from "@/components/charts/range";
import type { Tone } from "@/components/ui/tone";
import type { CheckState, FlowRow, FlowState, SourceCheckName, SourceRow, SourcesView, SourceView } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import type { Verdict } from "@/lib/verdicts/rules";
import { counted, listed, moment, type Part, plain, strong } from "@/lib/words";

/** A source has no verdict of its own; it borrows the silhouettes. */
export const stateLook: Record<SourceRow["state"], { verdict: Verdict; word: string }> = {
  live: { verdict: "healthy", word: "Live" },
  failing: { verdict: "at_risk", word: "Failing" },
  silent: { verdict: "unknown", word: "Silent" },
  new: { verdict: "unknown", word: "Not seen yet" },
};

/** How a consumer or an outbox does, by silhouette and in a word. A stopped one is no verdict of its own zone, and looks like one. */
export const flowLook: Record<FlowState, { verdict: Verdict; word: string }> = {
  stopped: { verdict: "breached", word: "Stopped" },
  behind: { verdict: "at_risk", word: "Behind" },
  parks: { verdict: "at_risk", word: "Has parked messages" },
  unseen: { verdict: "unknown", word: "Not seen" },
  waits: { verdict: "converging", word: "Waits for its producer" },
  unrecorded: { verdict: "unknown", word: "Not recorded" },
  works: { verdict: "healthy", word: "Keeps up" },
  idle: { verdict: "healthy", word: "Nothing to do" },
};

/** What a line says of itself: once nothing is fresh any more, how it was. */
export const flowWord = (state: FlowState, frozen: boolean): string =>
  frozen && state !== "unseen" ? `Was: ${flowLook[state].word.toLowerCase()}` : flowLook[state].word;

/** One line of the table: a consumer or an outbox, with the source that it is of. */
export type FlowLine = FlowRow & { sourceId: string; service: string };

/** Whether its source keeps no record of what goes through: parked messages may be known all the same. */
export const isUnrecorded = ({ kind, waitingN, state }: FlowRow): boolean =>
  kind !== "none" && waitingN === null && state !== "unseen";

/** Every line of every source. */
export const linesOf = (view: SourcesView): FlowLine[] =>
  view.sources.flatMap(({ sourceId, service, flows }) => flows.map((flow) => ({ ...flow, sourceId, service })));

/** Who takes or publishes nothing though something waits, who is behind, and what is not seen: the worst first. */
export function sourcesSentence(view: SourcesView): Part[] {
  const lines = linesOf(view);
  const stopped = lines.filter(({ state }) => state === "stopped");
  const behind = lines.filter(({ state }) => state === "behind");
  const down = view.sources.filter((source) => source.state !== "live");
  const parked = lines.filter(({ state }) => state === "parks");
  const told = [
    stoppedWords(stopped, view.now),
    behindWords(behind),
    parkedWords(parked),
    downWords(down, view.sources.length),
  ].filter((parts) => parts.length > 0);
  if (told.length > 0) return told.flatMap((parts, i) => (i === 0 ? parts : [plain(" "), ...parts]));
  const all = view.sources.length;
  return [strong(`All ${counted(all, "source")} ${all === 1 ? "is" : "are"} seen,`), plain(" and nothing waits for long.")];
}

/** What is true of one source, in the same words. */
export function sourceSentence({ source, now }: SourceView): Part[] {
  const { sourceId, service, flows } = source;
  const lines = flows.map((flow) => ({ ...flow, sourceId, service }));
  const stopped = lines.filter(({ state }) => state === "stopped");
  const behind = lines.filter(({ state }) => state === "behind");
  if (source.state !== "live") return [strong(`${service} is not seen.`), plain(" What only it knows is unknown, not healthy.")];
  if (lines.every(({ kind }) => kind === "none"))
    return [strong(`${service} is seen,`), plain(" and no contract sends messages through it.")];
  const parked = lines.filter(({ state }) => state === "parks");
  const told = [stoppedWords(stopped, now), behindWords(behind), parkedWords(parked)].filter((parts) => parts.length > 0);
  if (told.length > 0) return told.flatMap((parts, i) => (i === 0 ? parts : [plain(" "), ...parts]));
  const parkedN = source.figures?.parkedN ?? 0;
  const parking = parkedN > 0 ? [strong(`${service} has parked ${counted(parkedN, "message")}.`)] : null;
  if (lines.every(isUnrecorded))
    return [
      ...(parking ?? [strong(`${service} is seen.`)]),
      plain(" It keeps no record of what goes through, so that nobody can say whether it keeps up."),
    ];
  if (parking) return parking;
  return [strong(`${service} keeps up,`), plain(" and nothing waits for long.")];
}

const whoOf = ({ kind, name }: FlowLine): string => (kind === "outbox" ? `the outbox of ${name}` : name);
// Names of services stand as they are.
const capital = (text: string): string => text.replace(/^the /, "The ");
const named = (lines: readonly FlowLine[]): string =>
  listed([...lines.slice(0, 3).map(whoOf), ...(lines.length > 3 ? [`${lines.length - 3} more`] : [])]);

function stoppedWords(lines: readonly FlowLine[], now: Instant): Part[] {
  const [first] = lines;
  if (!first) return [];
  if (lines.length > 1) return [strong(`${lines.length} have stopped while messages wait:`), plain(` ${named(lines)}.`)];
  const does = first.kind === "outbox" ? "publishes" : "processes";
  const told = [strong(`${capital(whoOf(first))} ${does} nothing:`), plain(` ${counted(first.waitingN ?? 0, "message")} to go`)];
  return first.oldestSince === null
    ? [...told, plain(".")]
    : [...told, plain(", the oldest from "), moment(first.oldestSince, now), plain(".")];
}

const behindWords = (lines: readonly FlowLine[]): Part[] =>
  lines.length === 0 ? [] : [strong(`${capital(named(lines))} ${lines.length === 1 ? "is" : "are"} behind.`)];

function parkedWords(lines: readonly FlowLine[]): Part[] {
  if (lines.length === 0) return [];
  const n = lines.reduce((sum, { parkedN }) => sum + (parkedN ?? 0), 0);
  return [strong(`${capital(named(lines))} ${lines.length === 1 ? "has" : "have"} parked ${counted(n, "message")}.`)];
}

function downWords(down: readonly SourceRow[], all: number): Part[] {
  if (down.length === 0) return [];
  const who = listed(down.slice(0, 3).map((source) => source.service));
  const more = down.length > 3 ? ` and ${down.length - 3} more` : "";
  return [
    strong(`${counted(down.length, "source")} of ${all} ${down.length === 1 ? "is" : "are"} not seen:`),
    plain(` ${who}${more}. What only they know is unknown, not healthy.`),
  ];
}

/** Every transaction is open for a moment; above this one holds the observer up. */
export const longTransactionMsShown = 10_000;

/** Clocks further apart than this are shown. */
export const clockOffsetMsShown = 1_000;

/** How a check ended, by colour and in a word. */
export const checkLook: Record<CheckState, { tone: Tone; word: string }> = {
  ok: { tone: "ok", word: "In order" },
  warn: { tone: "risk", word: "Worth knowing" },
  fail: { tone: "breach", word: "Stops Accord" },
  unknown: { tone: "none", word: "Not known" },
};

export const checkTitle: Record<SourceCheckName, string> = {
  observer: "Observer",
  actor: "Actor",
  version: "Version",
  standby: "Standby",
  pooler: "Pooler",
  tls: "TLS",
  clock: "Clock",
  encoding: "Encoding",
  settings: "Settings",
  observer_rights: "Rights of the observer",
  actor_rights: "Rights of the actor",
  map: "Map of the tables",
  row_security: "Row-level security",
  indexes: "Indexes",
  compared: "Compared tables",
  capture: "Change data capture",
  call: "The call to retry",
  poll: "Cost of a look",
};

/** The set-up of a source in a few words: what could not be asked is never in order. */
export function setUpWords(setUp: SourceRow["setUp"]): { tone: Tone | null; text: string } {
  if (setUp === null) return { tone: null, text: "not checked yet" };
  const { failN, warnN, unknownN } = setUp;
  const also = unknownN > 0 ? `, ${unknownN} could not be asked` : "";
  if (failN > 0) return { tone: "breach", text: `${counted(failN, "thing")} to mend${also}` };
  if (warnN > 0) return { tone: "risk", text: `${counted(warnN, "thing")} worth knowing${also}` };
  return unknownN > 0
    ? { tone: null, text: `${counted(unknownN, "check")} could not be asked` }
    : { tone: null, text: "in order" };
}

/** What stands in a source under somebody else's consumer, in a sentence for that source. */
export function foreignWords({ consumer, ownerId }: SourceRow["foreign"][number]): string {
  const owner = ownerId === null ? "another source" : `source ${ownerId}`;
  return `messages are parked or held here under consumer ${consumer}, which belongs to ${owner}: they are not taken. Name the consumer under this source, or have its rows moved`;
}

/** Messages a minute: `0`, under ten with a decimal, else whole. */
export const rateText = (perMinute: number): string =>
  perMinute === 0
    ? "0"
    : perMinute < 0.1
      ? "< 0.1"
      : perMinute < 10
        ? perMinute.toFixed(1)
        : Math.round(perMinute).toLocaleString("en-US");

/** The page of a source. */
export const sourceHref = (sourceId: string): string => `/sources/${encodeURIComponent(sourceId)}`;

/** The range that a source's chart opens with: one that shows since when something waits, else a quarter of a day. */
export function sourceRange({ flows }: SourceRow, now: Instant): string {
  const since = flows.flatMap(({ state, oldestSince }) => (state === "stopped" || state === "behind" ? (oldestSince ?? []) : []));
  return since.length === 0 ? "6h" : defaultRange({ since: Math.min(...since), oldest: null, troubled: true }, now);
}
