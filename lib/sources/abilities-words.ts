import type { Abilities, LetterRecords, TimeQuality } from "../presets/abilities.rules";
import { frameworkOf, GENERIC } from "../presets/known.rules";
import { listed } from "../words";
import type { Recorded } from "./views";

type Of = { sourceId: string; preset: string };

/** What a source is called where its preset matters: its framework, or its own tables. */
export const presetTitle = ({ preset }: Pick<Of, "preset">): string =>
  frameworkOf(preset)?.title ??
  (preset === "native" ? "The native tables" : preset === GENERIC ? "A mapped table" : "Business tables");

/** Why messages of a source cannot be retried, or discarded, from here. */
export function unableWords(source: Of, kind: "retry" | "discard" | "edit"): string {
  const framework = frameworkOf(source.preset);
  if (kind === "edit")
    return `${presetTitle(source)} of ${source.sourceId} ${framework ? "keeps" : "keep"} no edited payload beside the original, so a message is retried there as it is. Accord's native tables can do both.`;
  if (!framework)
    return `The map of ${source.sourceId} in accord.yaml has no ${kind}: nobody has said how its messages are ${kind === "retry" ? "retried" : "discarded"}.`;
  const only = kind === "retry" && framework.application ? ` ${applicationWords(framework.application, null)}` : "";
  return `${framework.title} gives no safe way to ${kind} a message of ${source.sourceId} from outside.${only}`;
}

/** How an application is brought to retry what nobody else can. */
const applicationWords = (application: string, call: string | null): string =>
  call === null
    ? `Only the application can retry, by ${application}. Accord asks it where accord.yaml says retry: { http: … }, and watches for the effect either way.`
    : `Accord asks the application (${call}), which retries by ${application}. What becomes of it is read from its tables, never from its answer.`;

/** What a person should know of a framework, with how it is retried where only its application can. */
function hazardsOf({ preset, abilities }: { preset: string; abilities: Abilities | null }): string[] {
  const framework = frameworkOf(preset);
  const call = abilities?.deadLetters?.call ?? null;
  if (framework?.application) return [applicationWords(framework.application, call), ...framework.hazards];
  const asks =
    call === null
      ? []
      : [`Accord asks the application (${call}). What becomes of it is read from its tables, never from its answer.`];
  return [...asks, ...(framework?.hazards ?? [])];
}

/** What a source records of its dead letters, where that is less than everything. */
export function letterRecords({ preset, abilities }: { preset: string; abilities: Abilities | null }): LetterRecords | null {
  if (preset === "native" || !abilities?.deadLetters) return null;
  const { call: _call, ...records } = abilities.deadLetters;
  return { ...records, by: presetTitle({ preset }) };
}

/** An error's name as it is shown; where none is recorded, that. */
export function errorTitle(errorType: string, template: string, records: LetterRecords | null): string {
  if (errorType !== "") return errorType;
  if (records !== null && !records.error && !records.errorType) return `${records.by} records no errors`;
  return template === "" ? "No error was recorded" : "An error without a type";
}

/** What a source records in whole sentences; null for tables of which everything is known. */
export function recordedWords(source: {
  preset: string;
  abilities: Abilities | null;
  variant: string | null;
  notes: readonly string[];
}): Recorded | null {
  const { preset, abilities, variant, notes } = source;
  if (preset === "native" || preset === "tables" || abilities === null) return null;
  const framework = frameworkOf(preset);
  const { outbox, inbox, held, deadLetters, sagas } = abilities;
  const kinds: [boolean, string, string][] = [
    [deadLetters !== null, lettersSeen(deadLetters), "What was put aside is not recorded: nothing is ever shown as parked."],
    [outbox !== null, outboxSeen(outbox), "What waits to be published is not recorded."],
    [
      inbox !== null,
      "What each consumer has processed.",
      "What a consumer has processed is not recorded, so that an event that never came is not seen; a rule that compares both sides would show it.",
    ],
    [sagas !== null, sagasSeen(sagas), "Sagas are not recorded."],
    [held, "What came ahead of its turn.", ""],
  ];
  return {
    title: presetTitle(source),
    variant,
    seen: kinds.flatMap(([is, seen]) => (is ? [seen] : [])),
    unseen: [
      ...kinds.flatMap(([is, , unseen]) => (is || unseen === "" ? [] : [unseen])),
      ...(framework?.unseen ?? gaps(abilities)),
    ],
    notes: [...notes],
    hazards: hazardsOf(source),
    beat: framework?.beat?.words ?? null,
  };
}

const named = (parts: readonly (string | false)[]): string => listed(parts.filter((part): part is string => part !== false));

function lettersSeen(letters: Abilities["deadLetters"]): string {
  if (letters === null) return "";
  const facts = named([
    (letters.error || letters.errorType) && "why they failed",
    letters.stack && "their stacks",
    letters.attempts && "how often they were tried",
    letters.parked !== "first seen" && "when they were parked",
    letters.payload && "their payloads",
  ]);
  const acts = named([letters.retry && "retried", letters.discard && "discarded"]);
  return `Parked messages${facts ? `, with ${facts}` : ""}${acts ? `; they can be ${acts} from here` : "; they are not retried from here"}.`;
}

const outboxSeen = (outbox: Abilities["outbox"]): string =>
  outbox === null
    ? ""
    : outbox.published
      ? outbox.counted
        ? "Events or jobs that wait, and since when they are done."
        : "Events or jobs that wait, and for how long. What is done between two looks is never seen waiting, so how many were done is not counted."
      : "Events that were written; nothing marks what was published.";

const timeWords: Record<TimeQuality, string> = {
  exact: "as recorded",
  derived: "worked out of something else",
  "first seen": "from when Accord saw them",
};
const sagasSeen = (sagas: Abilities["sagas"]): string =>
  sagas === null
    ? ""
    : `Sagas and where they stand, their times ${timeWords[sagas.started]}${sagas.steps ? ", with their steps" : ", without their steps"}.`;

/** What a map of one's own leaves out. */
function gaps({ deadLetters }: Abilities): string[] {
  if (deadLetters === null) return [];
  const missing: [boolean, string][] = [
    [!deadLetters.error && !deadLetters.errorType, "error: why a message failed"],
    [deadLetters.parked === "first seen", "parked_at: when a message was parked; shown is when Accord first saw it"],
    [deadLetters.occurred === "first seen", "occurred: when a message came to be; ages count from when Accord first saw it"],
    [!deadLetters.attempts, "attempts: how often a message was tried"],
    [!deadLetters.key, "key: what a message works on; each counts for itself"],
    [!deadLetters.payload, "payload: what is in a message"],
  ];
  return missing.flatMap(([is, words]) => (is ? [`Not mapped is ${words}.`] : []));
}

/** What a person should know before a retry through a framework, and how it is taken up. */
export function hazardWords(source: { preset: string; abilities: Abilities | null }): string[] {
  const beat = frameworkOf(source.preset)?.beat ?? null;
  return [...(beat ? [beat.words] : []), ...hazardsOf(source)];
}
