import type { Contract } from "../contracts/rules";
import { shownName } from "../sagas/causes";
import type { SagaHoldRow } from "../sagas/holds.sql";
import type { Instant } from "../time";
import { type Draft, type ServiceOf, timed } from "./entries";
import type { KeySaga } from "./key.sql";
import type { KeyEntry } from "./views";

/** The page of a saga. */
export const sagaHref = ({ sourceId, sagaId }: { sourceId: string; sagaId: string }): string =>
  `/sagas/${encodeURIComponent(sourceId)}/${encodeURIComponent(sagaId)}`;

/** What people requested of a saga's compensations. */
export function holdEntries(holds: readonly SagaHoldRow[], saga: KeySaga): KeyEntry[] {
  return holds.map((hold) => ({
    id: `hold:${hold.holdId}:${saga.sagaId}`,
    at: hold.requestedAt,
    service: hold.requestedByName,
    kind: "person",
    tone: "accent",
    text: `${hold.kind === "hold" ? "held" : "released"} the compensations of ${saga.sagaType}`,
    note: hold.reason,
    href: sagaHref(saga),
  }));
}

/** Sagas that Accord follows, with what they had to undo. */
export function sagaEntries(
  sagas: readonly KeySaga[],
  contracts: readonly Contract[],
  serviceOf: ServiceOf,
  now: Instant,
): KeyEntry[] {
  return timed(
    sagas.flatMap((saga): Draft[] => {
      const contract = contracts.find(({ zoneId }) => zoneId === saga.zoneId);
      const errorOf = (type: string | null) => (contract ? shownName(type, contract) : type);
      const service = serviceOf(saga.sourceId);
      const id = `saga:${saga.sourceId}:${saga.sagaId}`;
      const base = { service, kind: "saga" as const, href: sagaHref(saga) };
      const overdue = saga.endedAt === null && saga.deadlineAt !== null && saga.deadlineAt < now;
      return [
        {
          ...base,
          id,
          at: saga.startedAt,
          tone: "plain",
          text: `saga ${saga.sagaType} began`,
          note: saga.endedAt === null ? `${saga.state}${saga.step ? ` at ${saga.step}` : ""}` : null,
        },
        {
          ...base,
          id: `${id}:deadline`,
          at: overdue ? saga.deadlineAt : null,
          tone: "breach",
          text: `saga ${saga.sagaType} passed its deadline${saga.step ? ` at ${saga.step}` : ""}`,
          note: null,
        },
        {
          ...base,
          id: `${id}:ended`,
          at: saga.endedAt,
          tone: saga.state === "failed" ? "breach" : "ok",
          text: `saga ${saga.sagaType} ended: ${saga.state}`,
          note: null,
        },
        ...saga.steps.map(
          (step): Draft => ({
            ...base,
            kind: step.kind === "compensation" ? "undo" : "saga",
            id: `${id}:${step.position}`,
            at: step.endedAt ?? step.startedAt,
            tone: step.state === "failed" ? "breach" : step.state === "done" ? "ok" : "plain",
            text: `${step.kind === "compensation" ? "compensation" : "step"} ${step.name}: ${step.state}`,
            note: step.errorType === null ? null : `${errorOf(step.errorType)}, attempt ${step.attempts}`,
          }),
        ),
      ];
    }),
  );
}
