import { randomUUID } from "node:crypto";
import { type Database, rowsOf, type Sql } from "./sql.js";

/** A long-running process: forward steps that run side by side, each with the step that undoes it. */
export type SagaDefinition<Tx extends Sql = Sql, Owner = unknown> = {
  type: string;
  deadlineMs: number;
  steps: { name: string; compensation: string; withinMs: number }[];
  /** Asks the other services to undo, in the transaction that writes the compensation steps. */
  undo: (tx: Tx, owner: Owner, saga: Saga) => Promise<void>;
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

const selectSaga = "saga_id::text, business_key, correlation_id, state, version";

/** Starts a process with its forward steps running. */
export async function beginSaga(
  tx: Sql,
  saga: Pick<SagaDefinition, "type" | "deadlineMs" | "steps">,
  businessKey: string,
  correlationId: string | null,
): Promise<void> {
  const id = randomUUID();
  await tx.query(
    `insert into messaging.saga (saga_id, saga_type, business_key, correlation_id, step, deadline_at)
     values ($1::text::uuid, $2::text, $3::text, $4::text, $5::text, clock_timestamp() + make_interval(secs => $6::int / 1000.0))`,
    [id, saga.type, businessKey, correlationId, saga.steps[0]!.name, saga.deadlineMs],
  );
  await tx.query(
    `insert into messaging.saga_step (saga_id, position, name, kind, state, attempts, started_at, deadline_at)
     select $1::text::uuid, n, name, 'forward', 'running', 1, clock_timestamp(), clock_timestamp() + make_interval(secs => within_ms / 1000.0)
     from unnest($2::text[], $3::text[]::int[]) with ordinality as step(name, within_ms, n)`,
    [id, saga.steps.map((step) => step.name), saga.steps.map((step) => String(step.withinMs))],
  );
}

/** Notes how a step ended, and moves its process on. Answers the state that this very call brought about, else null. */
export async function endStep(
  tx: Sql,
  type: string,
  businessKey: string,
  name: string,
  state: "done" | "failed",
  error: { type: string; message: string } | null = null,
): Promise<SagaState | null> {
  const [saga] = await rowsOf<Saga>(
    tx,
    `select ${selectSaga} from messaging.saga where saga_type = $1::text and business_key = $2::text
      order by ended_at is not null, started_at desc limit 1 for update`,
    [type, businessKey],
  );
  if (!saga) return null;
  await tx.query(
    `update messaging.saga_step set state = $3::text, ended_at = clock_timestamp(), error_type = $4::text, error_message = $5::text
     where saga_id = $1::text::uuid and name = $2::text and state <> 'done'`,
    [saga.saga_id, name, state, error?.type ?? null, error?.message ?? null],
  );
  // A refusal that comes after the process was given up: there is nothing to undo after all.
  if (state === "failed")
    await tx.query(
      `update messaging.saga_step c set state = 'skipped', ended_at = clock_timestamp() from messaging.saga_step f
       where c.saga_id = $1::text::uuid and f.saga_id = c.saga_id and c.compensates = f.position and f.name = $2::text and c.state = 'running'`,
      [saga.saga_id, name],
    );
  return settle(tx, saga);
}

async function settle(tx: Sql, saga: Saga): Promise<SagaState | null> {
  const steps = await rowsOf<Step>(
    tx,
    "select position, name, kind, state from messaging.saga_step where saga_id = $1::text::uuid order by position",
    [saga.saga_id],
  );
  const next = stateOf(saga.state, steps);
  const backward = steps.filter((step) => step.kind === "compensation");
  const phase = backward.length > 0 ? backward : steps;
  const current =
    phase.find((step) => step.state === "failed") ?? phase.find((step) => step.state === "running") ?? phase.at(-1)!;
  const ended = next !== "running" && next !== "compensating";
  const moved = await rowsOf(
    tx,
    `update messaging.saga set state = $2::text, step = $3::text, updated_at = clock_timestamp(), version = version + 1,
       ended_at = case when not $4::boolean then null when state = $2::text then ended_at else clock_timestamp() end
     where saga_id = $1::text::uuid and version = $5::int returning 1`,
    [saga.saga_id, next, current.name, ended, saga.version],
  );
  return moved.length > 0 && next !== saga.state ? next : null;
}

/** Where a process stands, given its steps. A failed compensation that succeeds after all ends as compensated. */
function stateOf(state: SagaState, steps: Pick<Step, "kind" | "state">[]): SagaState {
  const forward = steps.filter((step) => step.kind === "forward");
  const backward = steps.filter((step) => step.kind === "compensation");
  if (backward.length === 0) return state === "running" && forward.every((step) => step.state === "done") ? "completed" : state;
  if (backward.some((step) => step.state === "failed")) return "failed";
  return backward.every((step) => step.state === "done" || step.state === "skipped") ? "compensated" : "compensating";
}

/**
 * Compensates what has passed its deadline or has a failed step, unless an operator holds it; each in a transaction of its own. Answers how many, and
 * throws after the others when one could not be compensated: it comes again at the next call.
 */
export async function compensateDue<Tx extends Sql, Owner extends { database: Database<Tx> }>(
  owner: Owner,
  saga: SagaDefinition<Tx, Owner>,
): Promise<number> {
  const failed = new Map<string, unknown>();
  let compensated = 0;
  while (compensated + failed.size < BATCH) {
    let due: Saga | undefined;
    const work = owner.database.transaction(async (tx) => {
      due = await firstDue(tx, saga.type, [...failed.keys()]);
      if (due) await compensate(tx, owner, saga, due);
    });
    const error = await work.then(
      () => null,
      (thrown: unknown) => ({ thrown }),
    );
    if (error && !due) throw error.thrown;
    if (!due) break;
    if (error) failed.set(due.saga_id, error.thrown);
    else compensated += 1;
  }
  if (failed.size > 0) throw [...failed.values()][0];
  return compensated;
}

async function firstDue(tx: Sql, type: string, but: string[]): Promise<Saga | undefined> {
  const [row] = await rowsOf<Saga>(
    tx,
    `select ${selectSaga} from messaging.saga s
     where state = 'running' and saga_type = $1::text and (hold_until is null or hold_until <= clock_timestamp())
       and (deadline_at <= clock_timestamp()
         or exists (select 1 from messaging.saga_step t where t.saga_id = s.saga_id and t.state = 'failed'))
       and saga_id <> all($2::text[]::uuid[])
     order by deadline_at limit 1 for update skip locked`,
    [type, but],
  );
  return row;
}

// A step that was refused has nothing to undo. One that never answered may still have happened, so it is undone as well.
async function compensate<Tx extends Sql, Owner>(
  tx: Tx,
  owner: Owner,
  definition: SagaDefinition<Tx, Owner>,
  saga: Saga,
): Promise<void> {
  await tx.query(
    `insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, attempts, started_at, deadline_at, ended_at)
     select f.saga_id, f.position + $2::int, c.name, 'compensation', f.position,
       case f.state when 'failed' then 'skipped' else 'running' end, case f.state when 'failed' then 0 else 1 end,
       clock_timestamp(), clock_timestamp() + make_interval(secs => c.within_ms / 1000.0),
       case f.state when 'failed' then clock_timestamp() end
     from messaging.saga_step f
     join unnest($3::text[], $4::text[], $5::text[]::int[]) as c(forward, name, within_ms) on c.forward = f.name
     where f.saga_id = $1::text::uuid and f.kind = 'forward'`,
    [
      saga.saga_id,
      definition.steps.length,
      definition.steps.map((step) => step.name),
      definition.steps.map((step) => step.compensation),
      definition.steps.map((step) => String(step.withinMs)),
    ],
  );
  await tx.query(
    `update messaging.saga_step set state = 'failed', ended_at = clock_timestamp(), error_type = 'DeadlinePassed',
       error_message = 'No answer before the deadline of the process.'
     where saga_id = $1::text::uuid and kind = 'forward' and state = 'running'`,
    [saga.saga_id],
  );
  await settle(tx, saga);
  await definition.undo(tx, owner, saga);
}
