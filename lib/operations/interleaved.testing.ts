import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect } from "vitest";
import type { Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { approve } from "../decisions/service";
import type { TestPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import type { Observed } from "../sources/observed";
import { dispatchChunks } from "./dispatch";
import { parseAct, parseChange, parseEdit, parseStep } from "./input";
import { readOperation } from "./reading";
import { requestEdit, requestRetry, retryFailed } from "./service";
import { cancelOperation, changeOperation, continueOperation, pauseOperation, resumeOperation } from "./steps";
import { watchOutcomes } from "./watch";

// Four workers and three operators; the consumer answers between them.
const moves = [
  "dispatch",
  "two dispatch",
  "killed before",
  "killed after",
  "lease runs out",
  "applied",
  "one applied",
  "failed",
  "one failed",
  "watch",
  "two watch",
  "arrival",
  "pause",
  "resume",
  "continue",
  "pace",
  "stop limit",
  "retry the failed",
  "retry one",
  "edit one",
  "cancel",
] as const;
type Move = (typeof moves)[number];

const plan = fc.record({
  canaryN: fc.option(fc.integer({ min: 1, max: 4 })),
  canaryThen: fc.constantFrom("go" as const, "ask" as const),
  stopPercent: fc.option(fc.constantFrom(0, 20, 50)),
  stopWindow: fc.constantFrom(5, 20),
  perSecond: fc.option(fc.constantFrom(5, 1_000)),
  inFlightMax: fc.integer({ min: 1, max: 6 }),
});

/** What happens in one run: how many messages over how many keys, under which plan, and the moves in their order. */
const story = fc.record({
  messagesN: fc.integer({ min: 1, max: 12 }),
  keysN: fc.integer({ min: 1, max: 6 }),
  edited: fc.boolean(),
  plan,
  // A cancel ends the story for what waits: it comes seldom.
  acts: fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...moves.slice(0, -1)) },
        { weight: 1, arbitrary: fc.constant("cancel" as Move) },
      ),
      fc.nat({ max: 3 }),
    ),
    { minLength: 4, maxLength: 12 },
  ),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

let n = 0;
const key = () => `interleaved-${n++}`;
class Killed extends Error {}

/** Plays so many stories, by three operators. */
export async function playMany(pair: TestPair, numRuns: number): Promise<void> {
  const made = await Promise.all(
    ["Jo", "Ada", "Kim"].map((name) => makeOperator(pair.store.db, Date.now(), { role: "administrator", name })),
  );
  const operators = made.map(({ ctx }) => ctx);
  await fc.assert(
    fc.asyncProperty(story, (one) => play(pair, operators, one)),
    { numRuns, endOnFailure: true },
  );
}

/** Plays one story on real databases, looks after every move at what must always hold, and brings everything to its end. */
async function play(pair: TestPair, operators: readonly Ctx[], { messagesN, keysN, edited, plan, acts }: Story): Promise<void> {
  const tag = `I${n++}`;
  await arrive(pair, tag, messagesN, keysN);
  const messages = await lettersOf(pair, tag);
  const asked = { selection: { messages }, reason: "the fix is deployed", plan, key: key() };
  const { operationId } = edited ? await editAll(operators, asked) : await requestRetry(asOf(operators[0]!), parseAct(asked));
  const run = { pair, tag, operationId: Number(operationId), cap: plan.inFlightMax, operators };
  let stoppedAt: number | null = null;
  for (const [move, who] of acts) {
    await make(run, move, who);
    stoppedAt = await holds(run, stoppedAt);
  }
  await finish(run);
  await ended(run, messagesN);
}

type Run = { pair: TestPair; tag: string; operationId: number; cap: number; operators: readonly Ctx[] };

async function arrive({ stock, observe }: TestPair, tag: string, most: number, keysN: number): Promise<void> {
  await stock.rows(
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
       select 'stock-service', '1.0', gen_random_uuid(), 'Placed', 'sale', $1 || '-' || (i % $3), i, '{"n": 1}', clock_timestamp(), 'Error', 'it broke', 5, clock_timestamp() from generate_series(1, $2) i`,
    [tag, most, keysN],
  );
  await observe("stock");
}

const asOf = (ctx: Ctx): Ctx => ({ ...ctx, now: Date.now() });
const counted = JSON.stringify([{ op: "replace", path: "/n", value: 2 }]);

/** Asked for by one, approved by another, as the contract says of an edit. */
async function editAll([one, other]: readonly Ctx[], asked: Record<string, unknown>): Promise<{ operationId: string }> {
  const made = await requestEdit(asOf(one!), parseEdit({ ...asked, patch: counted }));
  const { approval } = await readOperation(asOf(other!), { operationId: Number(made.operationId) });
  await approve(asOf(other!), { approvalId: Number(approval!.approvalId), key: key(), reason: null });
  return made;
}

const lettersOf = async ({ store }: TestPair, tag: string) =>
  (await rows<{ id: number }>(store.db, sql`select id from dead_letter where business_key like ${`${tag}-%`} order by id`)).map(
    ({ id }) => id,
  );

async function make(run: Run, move: Move, who: number): Promise<void> {
  const { pair, operationId, operators } = run;
  const ctx = { ...operators[who % operators.length]!, now: Date.now() };
  const step = parseStep({ operationId, key: key() });
  const dispatch = (worker: number, observed = pair.observed) => dispatchChunks(pair.store.db, `worker-${worker}`, observed);
  const watch = () => watchOutcomes(pair.store.db, pair.observed);
  switch (move) {
    case "dispatch":
      return void (await dispatch(who));
    case "two dispatch":
      return void (await Promise.all([dispatch(who), dispatch((who + 1) % 4)]));
    case "killed before":
    case "killed after":
      await expect
        .soft(
          dispatch(who, killed(pair, move === "killed after")).catch((error) => error instanceof Killed || Promise.reject(error)),
        )
        .resolves.toBeDefined();
      return;
    case "lease runs out":
      return void (await pair.store.db.execute(
        sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`,
      ));
    case "applied":
    case "failed":
      return void (await pair.answer(move));
    case "one applied":
    case "one failed":
      return void (await pair.answer(move === "one applied" ? "applied" : "failed", 1));
    case "watch":
      return watch();
    case "two watch":
      return void (await Promise.all([watch(), watch()]));
    case "arrival":
      return arrive(pair, run.tag, 1, 1);
    case "pause":
      return void (await outcomeOf(() => pauseOperation(ctx, step)));
    case "resume":
      return void (await outcomeOf(() => resumeOperation(ctx, step)));
    case "continue":
      return void (await outcomeOf(() => continueOperation(ctx, step)));
    case "pace":
      return void (await outcomeOf(() =>
        changeOperation(ctx, parseChange({ operationId, perSecond: [null, 5, 50, 1_000][who], key: key() })),
      ));
    case "stop limit":
      return void (await outcomeOf(() =>
        changeOperation(ctx, parseChange({ operationId, stopPercent: [null, 0, 20, 50][who], key: key() })),
      ));
    case "retry the failed":
      await pair.observe("stock");
      return void (await outcomeOf(() =>
        retryFailed(ctx, {
          operationId,
          ...pick(parseAct({ selection: { messages: [1] }, reason: "once more, please", key: key() })),
        }),
      ));
    case "retry one":
    case "edit one": {
      const letters = await lettersOf(pair, run.tag);
      const asked = { selection: { messages: [letters[who % letters.length]!] }, reason: "this one alone", key: key() };
      // Whatever another operation has is refused.
      return void (await outcomeOf<unknown>(() =>
        move === "edit one" ? editAll(operators, asked) : requestRetry(ctx, parseAct(asked)),
      ));
    }
    case "cancel":
      return void (await outcomeOf(() => cancelOperation(ctx, step)));
  }
}

const pick = ({ selection: _, ...request }: ReturnType<typeof parseAct>) => request;

/** Stock as a worker sees it that dies around its effect. */
function killed(pair: TestPair, after: boolean): Observed[] {
  const stock = pair.of("stock");
  const redeliverable = {
    ...stock.source.redeliverable!,
    redeliver: async (...asked: Parameters<NonNullable<typeof stock.source.redeliverable>["redeliver"]>) => {
      if (after) await stock.source.redeliverable!.redeliver(...asked);
      throw new Killed();
    },
  };
  return [{ ...stock, source: { ...stock.source, redeliverable } }];
}

/** What must hold at every moment; answers how much had been let go when it stopped by itself, while it stands stopped. */
async function holds({ pair, tag, operationId, cap }: Run, stoppedAt: number | null): Promise<number | null> {
  const open = await pair.stock.rows<{ key: string; operation: string; n: number }>(
    `select d.business_key as key, r.requested_by as operation, count(*)::int as n from messaging.redelivery r join messaging.dead_letter d using (dead_letter_id)
       where r.state in ('waiting', 'taken') and d.business_key like $1 group by 1, 2`,
    [`${tag}-%`],
  );
  expect(
    open.filter(({ n }) => n > 1),
    "one message per key and operation is under way",
  ).toEqual([]);
  const mine = open.filter(({ operation }) => operation.endsWith(`OP-${operationId}`));
  expect(
    mine.reduce((sum, { n }) => sum + n, 0),
    "what is under way keeps to the cap",
  ).toBeLessThanOrEqual(cap);
  const o = (await firstRow<{
    state: string;
    stopped: boolean;
    released: number;
    ended: number;
    canary: number | null;
    passed: boolean;
  }>(
    pair.store.db,
    sql`select state, stop_reason is not null as stopped, released_n as released, ended_n as ended, canary_n as canary, canary_passed_at is not null as passed from operation where operation_id = ${operationId}`,
  ))!;
  expect(o.released - (o.state === "cancelled" || o.state === "done" ? o.released : o.ended)).toBeLessThanOrEqual(cap);
  if (o.canary !== null && !o.passed)
    expect(o.released, "nothing but the canary leaves before it has passed").toBeLessThanOrEqual(o.canary);
  const stopped = o.state === "paused" && o.stopped;
  if (stopped && stoppedAt !== null) expect(o.released, "what stopped by itself lets nothing go").toBe(stoppedAt);
  return stopped ? o.released : null;
}

/** Everything goes on without limits until nothing is left to do. */
async function finish({ pair }: Run): Promise<void> {
  for (let round = 0; round < 60; round++) {
    const free = sql`update operation set state = case when state = 'paused' then 'running' else state end, stop_reason = null, per_second = null, stop_percent = null, in_flight_max = null, canary_passed_at = now()
      where ended_at is null returning operation_id`;
    if ((await rows(pair.store.db, free)).length === 0) return;
    await pair.store.db.execute(
      sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`,
    );
    await dispatchChunks(pair.store.db, "worker-0", pair.observed);
    await pair.answer("applied");
    await watchOutcomes(pair.store.db, pair.observed);
  }
  throw new Error("An operation does not end.");
}

async function ended({ pair, tag, operationId }: Run, messagesN: number): Promise<void> {
  const wrong = await rows<{ what: string }>(
    pair.store.db,
    sql`with i as (select i.*, o.outcome, p.outcome as before from operation_item i left join operation_outcome o using (operation_id, item)
            left join operation_outcome p on p.operation_id = i.operation_id and p.item = i.after_item where i.business_key like ${`${tag}-%`})
        select 'no outcome for item ' || item || ' of OP-' || operation_id as what from i where outcome is null
        union all select 'behind nothing: item ' || item from i where outcome = 'behind' and before not in ('failed_again', 'behind', 'cancelled')
        union all select 'sent past a failure: item ' || item from i where outcome not in ('behind', 'cancelled') and before in ('failed_again', 'behind', 'cancelled')
        union all select 'counts of OP-' || o.operation_id from operation o where o.operation_id in (select operation_id from i) and (o.ended_n <> o.items_n
            or exists (select outcome, count(*)::int from i where i.operation_id = o.operation_id group by 1 except select key, value::int from jsonb_each_text(o.ended)))
        union all select 'claim of ' || dead_letter from dead_letter_claim where operation_id in (select operation_id from i)
        union all select 'no audit of OP-' || o from (select distinct operation_id as o from i) x where (select count(*) from audit_entry a where a.target_kind = 'operation' and a.target_id = o::text and a.action in ('dead_letter.retry', 'dead_letter.edit')) <> 2
        union all select 'an effect twice: letter ' || dead_letter from i where outcome = 'succeeded' group by dead_letter having count(*) > 1`,
  );
  expect(wrong).toEqual([]);
  const first = await rows<{ n: number }>(
    pair.store.db,
    sql`select items_n as n from operation where operation_id = ${operationId}`,
  );
  expect(first[0]!.n).toBe(messagesN);
  const overtaken = await pair.stock.rows(
    `select a.business_key from messaging.redelivery r join messaging.dead_letter a using (dead_letter_id) join messaging.redelivery s on s.requested_by = r.requested_by join messaging.dead_letter b on b.dead_letter_id = s.dead_letter_id
       where a.business_key like $1 and a.business_key = b.business_key and a.version < b.version and s.requested_at < r.finished_at and a.dead_letter_id < b.dead_letter_id`,
    [`${tag}-%`],
  );
  expect(overtaken, "no message of a key is asked for before the one ahead of it has ended").toEqual([]);
}
