import { randomUUID } from "node:crypto";
import { type Tx, transaction } from "./cluster";
import type { Service } from "./definition";

/** A long-running process: forward steps that run side by side, each with the step that undoes it. */
export type SagaDefinition = {
  type: string;
  deadlineMs: number;
  steps: { name: string; compensation: string; withinMs: number }[];
  /** Asks the other services to undo, in the transaction that writes the compensation steps. */
  undo: (tx: Tx, service: Service, saga: Saga) => Promise<void>;
};

export type SagaState = "running" | "compensating" | "completed" | "compensated" | "failed";
export type Saga = { saga_id: string; business_key: string; correlation_id: string | null; state: SagaState; version: number };
type Step = {
  position: number;
  name: string;
  kind: "forward" | "compensation";
  state: "pending" | "running" | "done" | "failed" | "skipped";
};

const BATCH = 20;

/** Starts a process with its forward steps running. */
export async function beginSaga(tx: Tx, saga: SagaDefinition, businessKey: string, correlationId: string): Promise<void> {
  const id = randomUUID();
  await tx.query(
    `insert into messaging.saga (saga_id, saga_type, business_key, correlation_id, step, deadline_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6 / 1000.0))`,
    [id, saga.type, businessKey, correlationId, saga.steps[0]!.name, saga.deadlineMs],
  );
  await tx.query(
    `insert into messaging.saga_step (saga_id, position, name, kind, state, attempts, started_at, deadline_at)
     select $1, n, name, 'forward', 'running', 1, clock_timestamp(), clock_timestamp() + make_interval(secs => within_ms / 1000.0)
     from unnest($2::text[], $3::int[]) with ordinality as step(name, within_ms, n)`,
    [id, saga.steps.map((step) => step.name), saga.steps.map((step) => step.withinMs)],
  );
}

/** Notes how a step ended, and moves its process on. Answers the state that this very call brought about, else null. */
export async function endStep(
  tx: Tx,
  type: string,
  businessKey: string,
  name: string,
  state: "done" | "failed",
  error: { type: string; message: string } | null = null,
): Promise<SagaState | null> {
  const { rows } = await tx.query<Saga>(
    "select saga_id, business_key, correlation_id, state, version from messaging.saga where saga_type = $1 and business_key = $2 for update",
    [type, businessKey],
  );
  const saga = rows[0];
  if (!saga) return null;
  await tx.query(
    `update messaging.saga_step set state = $3, ended_at = clock_timestamp(), error_type = $4, error_message = $5
     where saga_id = $1 and name = $2 and state <> 'done'`,
    [saga.saga_id, name, state, error?.type ?? null, error?.message ?? null],
  );
  // A refusal that comes after the process was given up: there is nothing to undo after all.
  if (state === "failed")
    await tx.query(
      `update messaging.saga_step c set state = 'skipped', ended_at = clock_timestamp() from messaging.saga_step f
       where c.saga_id = $1 and f.saga_id = $1 and c.compensates = f.position and f.name = $2 and c.state = 'running'`,
      [saga.saga_id, name],
    );
  return settle(tx, saga);
}

async function settle(tx: Tx, saga: Saga): Promise<SagaState | null> {
  const { rows: steps } = await tx.query<Step>(
    "select position, name, kind, state from messaging.saga_step where saga_id = $1 order by position",
    [saga.saga_id],
  );
  const next = stateOf(saga.state, steps);
  const backward = steps.filter((step) => step.kind === "compensation");
  const phase = backward.length > 0 ? backward : steps;
  const current =
    phase.find((step) => step.state === "failed") ?? phase.find((step) => step.state === "running") ?? phase.at(-1)!;
  const ended = next !== "running" && next !== "compensating";
  const { rowCount } = await tx.query(
    `update messaging.saga set state = $2, step = $3, updated_at = clock_timestamp(), version = version + 1,
       ended_at = case when not $4 then null when state = $2 then ended_at else clock_timestamp() end
     where saga_id = $1 and version = $5`,
    [saga.saga_id, next, current.name, ended, saga.version],
  );
  return rowCount && next !== saga.state ? next : null;
}

/** Where a process stands, given its steps. A failed compensation that succeeds after all ends as compensated. */
export function stateOf(state: SagaState, steps: Pick<Step, "kind" | "state">[]): SagaState {
  const forward = steps.filter((step) => step.kind === "forward");
  const backward = steps.filter((step) => step.kind === "compensation");
  if (backward.length === 0) return state === "running" && forward.every((step) => step.state === "done") ? "completed" : state;
  if (backward.some((step) => step.state === "failed")) return "failed";
  return backward.every((step) => step.state === "done" || step.state === "skipped") ? "compensated" : "compensating";
}

/** Compensates what has passed its deadline or has a failed step, unless an operator holds it. Answers how many. */
export async function compensateDue(service: Service, saga: SagaDefinition): Promise<number> {
  return transaction(service.pool, async (tx) => {
    const { rows } = await tx.query<Saga>(
      `select saga_id, business_key, correlation_id, state, version from messaging.saga s
       where state = 'running' and saga_type = $1 and (hold_until is null or hold_until <= clock_timestamp())
         and (deadline_at <= clock_timestamp()
           or exists (select 1 from messaging.saga_step t where t.saga_id = s.saga_id and t.state = 'failed'))
       order by deadline_at limit $2 for update skip locked`,
      [saga.type, BATCH],
    );
    for (const due of rows) await compensate(tx, service, saga, due);
    return rows.length;
  });
}

// A step that was refused has nothing to undo. One that never answered may still have happened, so it is undone as well.
async function compensate(tx: Tx, service: Service, definition: SagaDefinition, saga: Saga): Promise<void> {
  await tx.query(
    `insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, attempts, started_at, deadline_at, ended_at)
     select f.saga_id, f.position + $2, c.name, 'compensation', f.position,
       case f.state when 'failed' then 'skipped' else 'running' end, case f.state when 'failed' then 0 else 1 end,
       clock_timestamp(), clock_timestamp() + make_interval(secs => c.within_ms / 1000.0),
       case f.state when 'failed' then clock_timestamp() end
     from messaging.saga_step f
     join unnest($3::text[], $4::text[], $5::int[]) as c(forward, name, within_ms) on c.forward = f.name
     where f.saga_id = $1 and f.kind = 'forward'`,
    [
      saga.saga_id,
      definition.steps.length,
      definition.steps.map((step) => step.name),
      definition.steps.map((step) => step.compensation),
      definition.steps.map((step) => step.withinMs),
    ],
  );
  await tx.query(
    `update messaging.saga_step set state = 'failed', ended_at = clock_timestamp(), error_type = 'DeadlinePassed',
       error_message = 'No answer before the deadline of the process.'
     where saga_id = $1 and kind = 'forward' and state = 'running'`,
    [saga.saga_id],
  );
  await settle(tx, saga);
  await definition.undo(tx, service, saga);
}
