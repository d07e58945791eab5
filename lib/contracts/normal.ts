import { withCall } from "../presets/call.rules";
import { abilitiesIn, schemaOf } from "../presets/known.rules";
import { hours, minutes, seconds } from "../time";
import { readCondition, readRunbookCondition } from "./conditions";
import {
  type Contract,
  type ReconciliationContract,
  type SagaContract,
  type SourceConfig,
  TAKE_WITHIN_MS,
  type Tolerance,
} from "./rules";
import type { ContractInput } from "./shape";
import type { AccordInput } from "./shape-sources";
import { normalMap } from "./source-map";
import { normalCall } from "./source-retry";
import { durationMs, percentRatio } from "./values";

/** Raised when the same text normalises to something else than before, so that an upgrade applies it anew. */
export const normalVersion = 1;

/** What holds where a file says nothing. */
export const defaults = {
  atRisk: 0.7,
  observeEveryMs: seconds(2),
  retry: { backoff: "exponential", firstMs: seconds(1), maxMs: seconds(30) },
  approvals: { discard: 1, editAndRetry: 1, retryAbove: 1_000 },
  escalationMs: minutes(5),
  reconcileEveryMsMin: seconds(30),
  caseDueMsMin: hours(1),
} as const;

// The shape has checked every text; what cannot be read never gets here.
const ms = (text: string): number => durationMs(text)!;

/** The sources with every default applied. */
export function normalSources(input: AccordInput): SourceConfig[] {
  return Object.entries(input.sources).map(([sourceId, source]) => {
    const preset = source.preset ?? "native";
    const schema = source.schema ?? schemaOf(preset);
    const timeZone = source.time_zone ?? "UTC";
    const map = normalMap(source);
    const call = normalCall(source);
    return {
      sourceId,
      service: source.service,
      preset,
      url: source.url,
      actUrl: source.act_url ?? source.url,
      consumers: source.consumers ?? [source.service],
      schema,
      observeEveryMs: source.observe_every === undefined ? defaults.observeEveryMs : ms(source.observe_every),
      act: source.act ?? true,
      ...{ timeZone, map, call },
      abilities: withCall(abilitiesIn({ preset, schema, timeZone, map }), call),
    };
  });
}

/** The contract with every default applied. */
export function normalContract(input: ContractInput): Contract {
  const windowMs = ms(input.expectation.window);
  const { slo, at_risk } = input.expectation;
  const { recovery = {}, accountability } = input;
  return {
    zoneId: input.zone,
    title: input.title,
    promise: input.promise,
    businessKey: { name: input.business_key?.name ?? "key", pattern: input.business_key?.pattern ?? null },
    facts: input.facts ?? [],
    expectation: {
      class: input.expectation.class,
      windowMs,
      atRisk: at_risk === undefined ? defaults.atRisk : percentRatio(at_risk)!,
      slo: slo ? { target: percentRatio(slo.target)!, overMs: ms(slo.over) } : null,
    },
    semantics: normalSemantics(input.semantics ?? {}),
    recovery: {
      retry: recovery.retry ? normalRetry(recovery.retry) : null,
      sagas: Object.entries(recovery.sagas ?? {}).map(([sagaType, saga]) => normalSaga(sagaType, saga)),
      reconciliation: (recovery.reconciliation ?? []).map((rule) => normalRule(rule, windowMs)),
      cases: { dueMs: recovery.cases ? ms(recovery.cases.due) : Math.max(defaults.caseDueMsMin, 4 * windowMs) },
      approvals: {
        discard: recovery.approvals?.discard ?? defaults.approvals.discard,
        editAndRetry: recovery.approvals?.edit_and_retry ?? defaults.approvals.editAndRetry,
        retryAbove: recovery.approvals?.retry_above ?? defaults.approvals.retryAbove,
      },
    },
    accountability: {
      owner: accountability.owner,
      onCall: accountability.on_call ? normalOnCall(accountability.on_call) : null,
      alerts: (accountability.alerts ?? []).map(({ when, notify }) => ({ when: readOr(readCondition(when)), notify })),
      runbooks: (accountability.runbooks ?? []).map(({ when, title, steps }) => ({
        when: readOr(readRunbookCondition(when)),
        title,
        steps: steps ?? [],
      })),
    },
    masking: input.masking ?? [],
    payloads: input.payloads ? { keepMs: ms(input.payloads.keep) } : null,
    migration: (input.migration ?? []).map(normalMigration),
  };
}

function readOr<T>(read: { ok: true; value: T } | { ok: false; expected: string }): T {
  if (!read.ok) throw new Error(read.expected);
  return read.value;
}

function normalSemantics(input: NonNullable<ContractInput["semantics"]>): Contract["semantics"] {
  const propagation = input.propagation ?? "outbox";
  const events = Object.entries(input.events ?? {}).map(([eventType, event]) => ({
    eventType,
    from: event.from,
    to: [...new Set(event.to ?? [])],
    means: event.means ?? null,
    schema: event.schema ?? null,
    ...(event.schema_ref !== undefined && { schemaRef: event.schema_ref }),
    propagation: event.propagation ?? propagation,
    derivedFrom: event.derived_from ?? [],
  }));
  return { propagation, ordering: input.ordering ?? "by-key", events, states: input.states ?? {} };
}

type RecoveryInput = NonNullable<ContractInput["recovery"]>;

function normalRetry(retry: NonNullable<RecoveryInput["retry"]>): Contract["recovery"]["retry"] {
  const firstMs = retry.first === undefined ? defaults.retry.firstMs : ms(retry.first);
  const maxMs = retry.max === undefined ? Math.max(firstMs, defaults.retry.maxMs) : ms(retry.max);
  return {
    attempts: retry.attempts,
    backoff: retry.backoff ?? defaults.retry.backoff,
    firstMs,
    maxMs,
    takeWithinMs: retry.take_within === undefined ? TAKE_WITHIN_MS : ms(retry.take_within),
  };
}

function normalSaga(sagaType: string, saga: NonNullable<RecoveryInput["sagas"]>[string]): SagaContract {
  const steps = saga.steps.map(({ step, compensation, within }) => ({
    step,
    compensation: compensation ?? null,
    withinMs: within === undefined ? null : ms(within),
  }));
  return { sagaType, deadlineMs: ms(saga.deadline), steps };
}

type RuleInput = NonNullable<RecoveryInput["reconciliation"]>[number];

function normalSide(side: RuleInput["authority"]): ReconciliationContract["authority"] {
  const { source, relation, key, columns } = side;
  return { sourceId: source, relation, key, columns, changedAt: side.changed_at ?? null, version: side.version ?? null };
}

function normalTolerance(written: NonNullable<RuleInput["tolerance"]>[string]): Tolerance {
  if (typeof written === "number") return written;
  if (Array.isArray(written)) return { ignore: written };
  return written === "trim" || written === "case" ? { ignore: [written] } : { withinMs: ms(written) };
}

function normalRule(rule: RuleInput, windowMs: number): ReconciliationContract {
  const written = rule.map ?? {};
  return {
    rule: rule.rule,
    everyMs: rule.every === undefined ? Math.max(defaults.reconcileEveryMsMin, windowMs / 5) : ms(rule.every),
    authority: normalSide(rule.authority),
    projection: normalSide(rule.projection),
    map: Object.fromEntries(
      rule.authority.columns.map((column) => [column, Object.hasOwn(written, column) ? written[column]! : column]),
    ),
    tolerance: Object.fromEntries(
      Object.entries(rule.tolerance ?? {}).map(([column, written]) => [column, normalTolerance(written)]),
    ),
    repair: rule.repair ?? "case",
  };
}

function normalOnCall(onCall: NonNullable<ContractInput["accountability"]["on_call"]>) {
  return { team: onCall.team, escalationMs: onCall.escalation === undefined ? defaults.escalationMs : ms(onCall.escalation) };
}

function normalMigration(entry: NonNullable<ContractInput["migration"]>[number]): Contract["migration"][number] {
  if (entry.coupling !== undefined)
    return { kind: "coupling", coupling: entry.coupling, owner: entry.owner ?? null, removeBy: entry.remove_by! };
  return {
    kind: "fact",
    fact: entry.fact!,
    from: entry.from!,
    to: entry.to!,
    stage: entry.stage!,
    compare: entry.compare ?? null,
    cutOverBy: entry.cut_over_by ?? null,
  };
}
