import type { Ctx } from "../context";
import { can, zoneFilter } from "../permissions";
import { counted, listed } from "../words";
import { sagaHref } from "./entries";
import * as find from "./find.sql";
import { hitKinds, questionOf } from "./rules";
import type { FindView, Hit } from "./views";

/**
 * What a pasted id or a typed name leads to, in the zones of who asks: a hit in another zone does not exist. One round of small
 * look-ups, each along an index and at most a handful of rows.
 */
export async function findAnything(ctx: Ctx, { text }: { text: string }): Promise<FindView> {
  const question = questionOf(text);
  const sight = zoneFilter(ctx.actor);
  const { uuid, number, operation, divergence, case: caseId } = question;
  const none = <T>(): Promise<T[]> => Promise.resolve([]);
  const [keys, named, letters, waiting, groups, sagas, correlated, operations, divergences, cases, people] = await Promise.all([
    find.selectKeys(ctx.db, question.prefixes, sight),
    find.selectNamed(ctx.db, text, sight),
    uuid
      ? find.selectLetters(ctx.db, { uuid }, sight)
      : number === null
        ? none<find.FoundLetter>()
        : find.selectLetters(ctx.db, { number }, sight),
    uuid ? find.selectWaitingFor(ctx.db, uuid, sight) : [],
    find.selectGroups(ctx.db, { number, fingerprint: text }, sight),
    uuid ? find.selectSagas(ctx.db, uuid, sight) : [],
    find.selectCorrelated(ctx.db, text, sight),
    operation === null ? [] : find.selectFoundOperation(ctx.db, operation, sight),
    divergence === null ? [] : find.selectFoundDivergence(ctx.db, divergence, sight),
    caseId === null ? [] : find.selectFoundCase(ctx.db, caseId, sight),
    can(ctx.actor, "operator.change", []).ok ? find.selectPeople(ctx.db, text) : [],
  ]);
  const hits: Hit[] = [
    ...keys.map(
      ({ key, since, zone }): Hit => ({
        kind: "key",
        id: key,
        title: key,
        note: since === null ? "nothing open" : `open${zone ? ` in ${zone}` : ""}`,
        since,
        href: keyHref(key),
        exact: same(key, text),
      }),
    ),
    ...named.map((one): Hit => namedHit(one, text)),
    ...operations.map(
      (one): Hit => ({
        kind: "operation",
        id: String(one.operationId),
        title: `OP-${one.operationId}`,
        note: `${one.title} by ${one.requestedBy}, ${one.state}`,
        since: null,
        href: `/operations/${one.operationId}`,
        exact: true,
      }),
    ),
    ...letters.map((one): Hit => letterHit(one, uuid !== null)),
    // What is parked is undelivered as well; its dead letter tells more.
    ...waiting
      .filter((one) => !letters.some((letter) => letter.closedAs === null && letter.businessKey === one.businessKey))
      .map(
        (one): Hit => ({
          kind: "message",
          id: one.businessKey,
          title: `${one.eventType} of ${one.businessKey}`,
          note: one.reason === "held" ? "held for an earlier version" : one.reason,
          since: one.since,
          href: keyHref(one.businessKey),
          exact: true,
        }),
      ),
    ...groups.map(
      (one): Hit => ({
        kind: "group",
        id: String(one.groupId),
        title: one.errorType,
        note: `group ${one.groupId}, ${one.consumer} reads ${one.eventType}, ${one.openN.toLocaleString("en-US")} parked`,
        since: null,
        href: `/dead-letters/groups/${one.groupId}`,
        exact: true,
      }),
    ),
    ...sagas.map(
      (one): Hit => ({
        kind: "saga",
        id: `${one.sourceId} ${one.sagaId}`,
        title: `${one.sagaType} of ${one.businessKey}`,
        note: one.state,
        since: one.since,
        href: sagaHref(one),
        exact: true,
      }),
    ),
    ...divergences.map(
      (one): Hit => ({
        kind: "divergence",
        id: String(one.divergenceId),
        title: `D-${one.divergenceId}`,
        note: `${one.kind} by ${one.rule}, ${one.businessKey}, ${one.state}`,
        since: one.state === "resolved" ? null : one.since,
        href: `/divergences/${one.divergenceId}`,
        exact: true,
      }),
    ),
    ...cases.map(
      (one): Hit => ({
        kind: "case",
        id: String(one.caseId),
        title: `CASE-${one.caseId}`,
        note: `${one.title}, ${one.zone}, ${one.resolved ? "resolved" : "open"}`,
        since: one.resolved ? null : one.openedAt,
        href: `/cases/${one.caseId}`,
        exact: true,
      }),
    ),
    ...correlated.map(
      (one): Hit => ({
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
      }),
    ),
    ...people.map(
      (one): Hit => ({
        kind: "operator",
        id: one.id,
        title: one.name,
        note: `${one.role}, ${one.email}; what this person did`,
        since: null,
        href: `/audit?q=${encodeURIComponent(`who:"${one.name.replaceAll('"', "")}"`)}`,
        exact: same(one.name, text) || same(one.email, text),
      }),
    ),
  ];
  return { now: ctx.now, text, hits: likeliestFirst(hits) };
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
    source: "/sources",
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
    note: one.closedAs === null ? `dead letter ${one.id}, parked ${at}` : `dead letter ${one.id}, ${one.closedAs} ${at}`,
    since: one.since,
    // What is closed has no page of its own any more; its key's list has it.
    href: one.closedAs === null ? `/dead-letters/messages/${one.id}` : keyHref(one.businessKey),
    exact: true,
  };
}
