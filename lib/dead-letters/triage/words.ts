import { durationWords, type Instant } from "../../time";
import { counted, linked, listed, moment, type Part, plain } from "../../words";
import type { Ending, StateChange, Triage, TriageState } from "./rules";

export const triageWord: Record<TriageState, string> = {
  new: "New",
  investigating: "Investigating",
  waiting: "Waiting for a fix",
  muted: "Muted",
  resolved: "Resolved",
};

/** A group's state in a word or two: `Waiting for 2.40.3`, `Ready to retry`. */
export function triageShort(one: Pick<Triage, "state" | "waitsFor" | "readyAt">): string {
  if (one.state !== "waiting") return triageWord[one.state];
  return one.readyAt === null ? `Waiting for ${one.waitsFor}` : "Ready to retry";
}

/** What the state means, after its word; empty where the word says all. */
export function triageDetail(one: Triage, now: Instant): Part[] {
  switch (one.state) {
    case "waiting":
      return one.readyAt === null
        ? [plain("until that version is live and nothing comes in")]
        : [plain(`${one.readyVersion} is live and nothing comes in, since `), moment(one.readyAt, now)];
    case "muted":
      return [plain(mutedUntil(one)), ...untilParts(one, now)];
    case "resolved":
      return one.stateAt === null ? [] : [plain(`by ${one.stateByName}, `), moment(one.stateAt, now)];
    default:
      return one.regressedAt === null
        ? []
        : [plain(`came back `), moment(one.regressedAt, now), plain(`; ${one.regressedFrom} had resolved it`)];
  }
}

type Muted = Pick<Triage, "mutedUntil" | "mutedAbove">;
const mutedUntil = ({ mutedUntil: until, mutedAbove: above }: Muted): string =>
  [
    above === null ? "" : `until it is worse than ${counted(above, "message")} a minute`,
    until === null ? "" : above === null ? "until " : ", or until ",
  ].join("");
const untilParts = ({ mutedUntil: until }: Muted, now: Instant): Part[] => (until === null ? [] : [moment(until, now)]);

/** Why a state cannot be changed any more, since somebody was first. */
export const changedBefore = (one: Triage, now: Instant): string =>
  `${one.stateByName ?? "Accord"} was first: this group is ${triageShort(one).toLowerCase()}${one.stateAt === null ? "" : ` since ${durationWords(now - one.stateAt)}`}.`;

/** What somebody did, after their name: "took the group". */
export const groupEventWords = {
  state: (change: StateChange, now: Instant): Part[] => {
    switch (change.state) {
      case "new":
        return [plain("put the group back to new")];
      case "investigating":
        return [plain("investigates")];
      case "waiting":
        return [plain(`waits for ${change.waitsFor}, which should bring the fix`)];
      case "muted":
        return [plain(`muted the group ${mutedUntil(change)}`), ...untilParts(change, now)];
      case "resolved":
        return [plain(`resolved the group: “${change.reason}”`)];
    }
  },
  assigned: (to: string | null, self: boolean): Part[] => [
    plain(to === null ? "gave the group back" : self ? "took the group" : `gave the group to ${to}`),
  ],
  noted: (text: string): Part[] => [plain("wrote: “"), ...linked(text), plain("”")],
  ticket: (ticket: string | null): Part[] => [plain(ticket === null ? "took the ticket away" : `set the ticket: ${ticket}`)],
  ready: (waitsFor: string, version: string): Part[] => [
    plain(
      `found it ready to retry: ${version === waitsFor ? `${version} is live` : `${version}, which came after ${waitsFor}, is live`} and nothing comes in`,
    ),
  ],
  withdrawn: (version: string): Part[] => [
    plain(`found it not ready any more: ${version} is not live, or it fails there as well`),
  ],
  grows: (): Part[] => [plain("found that messages come in again: not ready to retry")],
  unmuted: (by: "time" | "growth", perMinute: number): Part[] => [
    plain(by === "time" ? "ended the mute: its time is over" : `ended the mute: ${counted(perMinute, "message")} a minute`),
  ],
  regressed: (from: string, at: Instant | null, now: Instant): Part[] => [
    plain(`opened the group again: a new message came, ${from} had resolved it`),
    ...(at === null ? [] : [plain(" "), moment(at, now)]),
  ],
  ended: (ending: Omit<Ending, "groupId" | "n">): Part[] => [plain("resolved the group: "), ...endedParts(ending)],
} as const;

/** How it ended once, and who said so. */
export const seenBeforeWords = (one: Ending): Part[] => [
  ...(one.reason === null ? [] : [plain(`${one.byName}: “${one.reason}” `)]),
  ...endedParts(one),
];

/** With what it ended: `OP-12 on 2.40.3; 340 processed and 3 discarded in 14 min`. */
export function endedParts(one: Omit<Ending, "groupId" | "n">): Part[] {
  const counts = listed(
    (
      [
        [one.processedN, "processed"],
        [one.discardedN, "closed by hand"],
        [one.goneN, "removed from the source"],
      ] as const
    )
      .filter(([n]) => n > 0)
      .map(([n, how]) => `${n.toLocaleString("en-US")} ${how}`),
  );
  const on = one.version === null ? "" : ` on ${one.version}`;
  const operation: Part[] =
    one.operationId === null ? [] : [{ text: `OP-${one.operationId}`, href: `/operations/${one.operationId}` }, plain(`${on}; `)];
  return [
    ...operation,
    plain(
      `${counts || "nothing was parked any more"}${one.operationId === null ? on : ""}, ${durationWords(one.endedAt - one.beganAt)} after it began`,
    ),
  ];
}
