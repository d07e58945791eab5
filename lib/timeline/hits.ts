import { counted, listed } from "../words";
import type { Correlated } from "./correlated";
import type * as find from "./find.sql";
import type * as near from "./near.sql";
import { hitKinds, type Question } from "./rules";
import { sagaHref } from "./saga-entries";
import type { Hit } from "./views";
import { closedWords } from "./words";

/** What the look-ups of one question gave. */
export type Found = {
  keys: near.FoundKey[];
  named: find.Named[];
  letters: find.FoundLetter[];
  waiting: Awaited<ReturnType<typeof find.selectWaitingFor>>;
  groups: find.FoundGroup[];
  sagas: find.FoundSaga[];
  correlated: Correlated[];
  operations: Awaited<ReturnType<typeof find.selectFoundOperation>>;
  divergences: Awaited<ReturnType<typeof find.selectFoundDivergence>>;
  cases: Awaited<ReturnType<typeof find.selectFoundCase>>;
  people: Awaited<ReturnType<typeof find.selectPeople>>;
};

/** What was found as hits, the likeliest first. */
export function hitsOf({ text, id }: Pick<Question, "text" | "id">, found: Found): Hit[] {
  const { letters } = found;
  return likeliestFirst([
    ...found.keys.map((one) => keyHit(one, text)),
    ...found.named.map((one) => namedHit(one, text)),
    ...found.operations.map(operationHit),
    ...letters.map((one) => letterHit(one, id !== null)),
    // What is parked is undelivered as well; its dead letter tells more.
    ...found.waiting
      .filter((one) => !letters.some((letter) => letter.closedAs === null && letter.businessKey === one.businessKey))
      .map(waitingHit),
    ...found.groups.map(groupHit),
    ...found.sagas.map(sagaHit),
    ...found.divergences.map(divergenceHit),
    ...found.cases.map(caseHit),
    ...found.correlated.map(correlatedHit),
    ...found.people.map((one) => personHit(one, text)),
  ]);
}

/** What is named whole stands before what only begins so; within each, kinds keep their order. */
function likeliestFirst(hits: readonly Hit[]): Hit[] {
  const place = (hit: Hit) => (hit.exact ? 0 : hitKinds.length) + hitKinds.indexOf(hit.kind);
  return [...hits].sort((a, b) => place(a) - place(b));
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The page of a business key. */
export const keyHref = (key: string): string => `/keys/${encodeURIComponent(key)}`;

function namedHit({ kind, id, title, note }: find.Named, text: string): Hit {
  const filtered = (name: string) => `/dead-letters?q=${encodeURIComponent(`${name}:${title}`)}`;
  const href = {
    zone: `/zones/${encodeURIComponent(id)}`,
    source: `/sources/${encodeURIComponent(id)}`,
    consumer: filtered("consumer"),
    event: `/zones/${encodeURIComponent(id.split(" ")[0]!)}/contract`,
  }[kind];
  return {
    kind,
    id,
    title,
    note: kind === "event" ? `event of ${note}` : note,
    since: null,
    href,
    exact: same(title, text) || same(id, text),
  };
}

function letterHit(one: find.FoundLetter, byMessage: boolean): Hit {
  const title = `${one.eventType} of ${one.businessKey}`;
  const at = `at ${one.consumer}`;
  return {
    kind: byMessage ? "message" : "dead_letter",
    id: `${one.id}${one.closedAs ?? ""}`,
    title,
    note:
      one.closedAs === null ? `dead letter ${one.id}, parked ${at}` : `dead letter ${one.id}, ${closedWords(one.closedAs)} ${at}`,
    since: one.since,
    // What is closed has no page of its own any more; its key's list has it.
    href: one.closedAs === null ? `/dead-letters/messages/${one.id}` : keyHref(one.businessKey),
    exact: true,
  };
}

const operationHit = (one: Found["operations"][number]): Hit => ({
  kind: "operation",
  id: String(one.operationId),
  title: `OP-${one.operationId}`,
  note: `${one.title} by ${one.requestedBy}, ${one.state}`,
  since: null,
  href: `/operations/${one.operationId}`,
  exact: true,
});

const waitingHit = (one: Found["waiting"][number]): Hit => ({
  kind: "message",
  id: one.businessKey,
  title: `${one.eventType} of ${one.businessKey}`,
  note: one.reason === "held" ? "held for an earlier version" : one.reason,
  since: one.since,
  href: keyHref(one.businessKey),
  exact: true,
});

const groupHit = (one: find.FoundGroup): Hit => ({
  kind: "group",
  id: String(one.groupId),
  title: one.errorType,
  note: `group ${one.groupId}, ${one.consumer} reads ${one.eventType}, ${one.openN.toLocaleString("en-US")} parked`,
  since: null,
  href: `/dead-letters/groups/${one.groupId}`,
  exact: true,
});

const sagaHit = (one: find.FoundSaga): Hit => ({
  kind: "saga",
  id: `${one.sourceId} ${one.sagaId}`,
  title: `${one.sagaType} of ${one.businessKey}`,
  note: one.state,
  since: one.since,
  href: sagaHref(one),
  exact: true,
});

const divergenceHit = (one: Found["divergences"][number]): Hit => ({
  kind: "divergence",
  id: String(one.divergenceId),
  title: `D-${one.divergenceId}`,
  note: `${one.kind} by ${one.rule}, ${one.businessKey}, ${one.state}`,
  since: one.state === "resolved" ? null : one.since,
  href: `/divergences/${one.divergenceId}`,
  exact: true,
});

const caseHit = (one: Found["cases"][number]): Hit => ({
  kind: "case",
  id: String(one.caseId),
  title: `CASE-${one.caseId}`,
  note: `${one.title}, ${one.zone}, ${one.resolved ? "resolved" : "open"}`,
  since: one.resolved ? null : one.openedAt,
  href: `/cases/${one.caseId}`,
  exact: true,
});

const correlatedHit = (one: Found["correlated"][number]): Hit => ({
  kind: "correlation",
  id: one.businessKey,
  title: one.businessKey,
  note: `tied by this correlation id: ${listed([
    ...(one.lettersN > 0 ? [counted(one.lettersN, "dead letter")] : []),
    ...(one.sagasN > 0 ? [counted(one.sagasN, "saga")] : []),
  ])}`,
  since: null,
  href: keyHref(one.businessKey),
  exact: true,
});

const personHit = (one: Found["people"][number], text: string): Hit => ({
  kind: "operator",
  id: one.id,
  title: one.name,
  note: `${one.role}, ${one.email}; what this person did`,
  since: null,
  href: `/audit?q=${encodeURIComponent(`who:"${one.name.replaceAll('"', "")}"`)}`,
  exact: same(one.name, text) || same(one.email, text),
});

const keyHit = ({ key, since, zone }: near.FoundKey, text: string): Hit => ({
  kind: "key",
  id: key,
  title: key,
  note: since === null ? "nothing open" : `open${zone ? ` in ${zone}` : ""}`,
  since,
  href: keyHref(key),
  exact: same(key, text),
});
