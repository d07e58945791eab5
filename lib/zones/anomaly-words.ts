import { durationWords, type Instant, minutes } from "../time";
import { counted, listed, moment, type Part, plain } from "../words";
import type { Anomaly } from "./rules";
import { serviceOf, type Told } from "./told-words";
import type { Cause } from "./views";

type Of<K extends Anomaly["kind"]> = Extract<Anomaly, { kind: K }>;
type Words = Pick<Cause, "tone" | "title" | "evidence" | "next"> & { action: { label: string; href: string } };

/** What a zone calls anomalous, as rows below its causes: they explain no open key. */
export function anomalyCause(anomaly: Anomaly, zone: Told, now: Instant): Omit<Cause, "follows"> {
  return { id: idOf(anomaly), kind: anomaly.kind, ...wordsOf(anomaly, zone, now), keysN: 0, ofKeysN: 0 };
}

// A row keeps its place and its key while its numbers grow: of what is unusual a zone has one.
function idOf(anomaly: Anomaly): string {
  switch (anomaly.kind) {
    case "duplicates":
    case "stale":
      return anomaly.kind;
    case "effects":
      return `${anomaly.kind}-${anomaly.consumer}`;
    case "schema":
      return `${anomaly.kind}-${anomaly.sourceId}-${anomaly.eventTypes.join("-")}`;
    default:
      return `${anomaly.kind}-${anomaly.sourceId}`;
  }
}

function wordsOf(anomaly: Anomaly, zone: Told, now: Instant): Words {
  switch (anomaly.kind) {
    case "effects":
      return effectsWords(anomaly, now);
    case "schema":
      return schemaWords(anomaly, zone, now);
    case "lost":
      return lostWords(anomaly, zone, now);
    case "times":
      return timesWords(anomaly, zone, now);
    case "clock":
      return clockWords(anomaly, zone);
    case "duplicates":
      return {
        tone: "calm",
        title: [
          plain(`${counted(anomaly.n, "duplicate")} ${anomaly.n === 1 ? "was" : "were"} dropped by ${listed(anomaly.consumers)}`),
        ],
        evidence: [
          plain(
            `${share(anomaly)} had been processed before: ${listed(anomaly.eventTypes)}. A copy that is dropped has no effect.`,
          ),
        ],
        next: [plain("nothing here; see why messages come twice.")],
        action: { label: "Check sources", href: "/sources" },
      };
    case "stale":
      return {
        tone: "calm",
        title: [
          plain(
            `${counted(anomaly.n, "older version")} ${anomaly.n === 1 ? "was" : "were"} skipped by ${listed(anomaly.consumers)}`,
          ),
        ],
        evidence: [plain(`${share(anomaly)} came after a newer version, which stands: ${listed(anomaly.eventTypes)}.`)],
        next: [plain("nothing here; see whether somebody published them again, or why messages overtake each other.")],
        action: { label: "Check sources", href: "/sources" },
      };
  }
}

function effectsWords({ consumer, eventTypes, n, lastAt, sourceId }: Of<"effects">, now: Instant): Words {
  return {
    tone: "risk",
    title: [plain(`${consumer} applied ${counted(n, "duplicate")} of ${listed(eventTypes)} a second time`)],
    evidence: [
      ...span("within the last hour", lastAt, now),
      plain(` ${n === 1 ? "It" : "Each"} came under an id of its own, with a key and a version that had been applied before.`),
    ],
    next: [plain(`mend ${consumer} so that it asks for key and version. What was done twice needs a person.`)],
    action: checkSource(sourceId),
  };
}

function lostWords(anomaly: Of<"lost">, zone: Told, now: Instant): Words {
  return {
    tone: "risk",
    title: [plain(lostTitle(anomaly, zone))],
    evidence: [
      ...span("within the last hour", anomaly.lastAt, now),
      plain(" Nobody received them, and nobody will: their rows are gone from the outbox."),
    ],
    next: [plain("see what deletes unpublished rows there, and send again what the keys need.")],
    action: checkSource(anomaly.sourceId),
  };
}

const lostTitle = ({ sourceId, eventTypes, n }: Of<"lost">, zone: Told): string =>
  `${serviceOf(zone, sourceId)} lost ${counted(n, "event")}, deleted before ${n === 1 ? "it was" : "they were"} published: ${listed(eventTypes)}`;

// A producer that was rolled back has sent, and sends no more. What came is counted by the minute.
const isSending = (lastAt: Instant, now: Instant): boolean => now - lastAt <= minutes(2);

function schemaWords({ sourceId, eventTypes, versions, known, n, lastAt }: Of<"schema">, zone: Told, now: Instant): Words {
  const service = serviceOf(zone, sourceId);
  const newer = versions.every((version) => Number(version) > Math.max(...known));
  const goesOn = isSending(lastAt, now);
  return {
    tone: "risk",
    title: [
      plain(
        `${service} ${goesOn ? "sends" : "sent"} ${listed(eventTypes)} in schema ${listed(versions)}; the contract says ${listed(known.map(String))}`,
      ),
    ],
    evidence: span(`${counted(n, "event")} within the last hour`, lastAt, now),
    next: [
      plain(
        !goesOn
          ? `see that the consumers of ${listed(eventTypes)} got past what came; ${service} has stopped sending it.`
          : newer
            ? `roll ${service} back, or ship consumers that read schema ${listed(versions)}, and then say so in the contract.`
            : `see why ${service} still sends an older schema.`,
      ),
    ],
    action: { label: "Open contract", href: `/zones/${zone.zoneId}/contract` },
  };
}

function timesWords({ sourceId, offMs, n, lastAt }: Of<"times">, zone: Told, now: Instant): Words {
  const service = serviceOf(zone, sourceId);
  const effect = offMs > 0 ? "Ages count from when they were first seen" : "Such an event looks older than it is";
  return {
    tone: "risk",
    title: [plain(timesTitle(service, { offMs, lastAt }, zone.causes.at))],
    evidence: [
      ...span(`${counted(n, "message")} in the last 15 min`, lastAt, now),
      plain(` ${effect}, and lags are not counted.`),
    ],
    next: [
      plain(
        isSending(lastAt, zone.causes.at)
          ? `set the clock of the host that ${service} runs on.`
          : `see that the clock of the host that ${service} runs on stays right; it has been so since.`,
      ),
    ],
    action: checkSource(sourceId),
  };
}

function clockWords({ sourceId, offMs }: Of<"clock">, zone: Told): Words {
  return {
    tone: "calm",
    title: [plain(`The clock of ${serviceOf(zone, sourceId)}'s database is ${off(offMs)} Accord's`)],
    evidence: [plain("Ages and lags are corrected by that.")],
    next: [plain("set it.")],
    action: checkSource(sourceId),
  };
}

/** The one anomaly that belongs into the sentence, since somebody should act on it though nothing waits. Empty when there is none. */
export function anomalySentence(zone: Told): Part[] {
  const anomaly = zone.causes.anomalies?.find(
    ({ kind }) => kind === "effects" || kind === "lost" || kind === "schema" || kind === "times",
  );
  switch (anomaly?.kind) {
    case "effects":
      return [plain(` ${anomaly.consumer} applied ${counted(anomaly.n, "duplicate")} a second time within the last hour.`)];
    case "lost":
      return [plain(` ${lostTitle(anomaly, zone)}.`)];
    case "schema":
      return [
        plain(
          ` ${serviceOf(zone, anomaly.sourceId)} ${isSending(anomaly.lastAt, zone.causes.at) ? "sends" : "sent"} ${listed(anomaly.eventTypes)} in schema ${listed(anomaly.versions)}, where the contract says ${listed(anomaly.known.map(String))}.`,
        ),
      ];
    case "times":
      return [plain(` ${timesTitle(serviceOf(zone, anomaly.sourceId), anomaly, zone.causes.at)}.`)];
    default:
      return [];
  }
}

const off = (offMs: number): string => `${durationWords(Math.abs(offMs))} ${offMs > 0 ? "ahead of" : "behind"}`;
const timesTitle = (service: string, { offMs, lastAt }: { offMs: number; lastAt: Instant }, at: Instant): string =>
  `The times of ${service} ${isSending(lastAt, at) ? "are" : "were"} ${off(offMs)} its database's clock`;
const checkSource = (sourceId: string) => ({ label: "Check source", href: `/sources/${encodeURIComponent(sourceId)}` });
const span = (what: string, lastAt: Instant, now: Instant): Part[] => [
  plain(`${what.charAt(0).toUpperCase()}${what.slice(1)}, the last at `),
  moment(lastAt, now),
  plain("."),
];
const share = ({ n, ofN }: Of<"duplicates" | "stale">): string =>
  `${n.toLocaleString("en-US")} of ${counted(ofN, "message")} in the last 15 min`;
