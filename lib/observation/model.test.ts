import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseVote } from "../approvals/input";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { approve, refuse } from "../decisions/service";
import { dispatchChunks } from "../operations/dispatch";
import { parseAct, parseDiscard } from "../operations/input";
import { requestDiscard, requestRetry } from "../operations/service";
import { cancelOperation } from "../operations/steps";
import { watchOutcomes } from "../operations/watch";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { type Sent, type TestPair, testPair } from "./testing";

let pair: TestPair;
let jo: Ctx;
let ada: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair();
  jo = (await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: "Jo" })).ctx;
  ada = (await makeOperator(pair.store.db, Date.now(), { role: "approver", name: "Ada" })).ctx;
});
afterAll(() => pair.close());

const steps = [
  "emit",
  "process",
  "park",
  "park anew",
  "resolve",
  "retry",
  "discard",
  "approve",
  "refuse",
  "cancel",
  "dispatch",
  "applied",
  "failed",
  "watch",
  "poll",
  "page",
] as const;
const act = fc.tuple(fc.constantFrom(...steps), fc.nat({ max: 7 }), fc.boolean());

test("whatever happens in whatever order, counters count what is there, and when all is quiet the store says what the databases hold", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 8, maxLength: 30 }), async (acts) => {
      const sent: Sent[] = [];
      for (const [step, which, odd] of acts) {
        const one = sent[which % Math.max(1, sent.length)];
        await take(step, one, odd, sent);
        if (step === "poll" || step === "page") expect(await pair.drift()).toEqual([]);
      }
      // Quiet: what was asked for is approved and answered, everything is looked at and asked again.
      while (await vote("approve"));
      await dispatchChunks(pair.store.db, "model", pair.observed);
      await pair.answer("applied");
      await watchOutcomes(pair.store.db, pair.observed);
      for (let poll = 0; poll < 2; poll++) {
        await pair.store.db.execute(sql`update source_status set rechecked = null`);
        for (const sourceId of ["shop", "stock"]) await pair.observe(sourceId);
      }
      expect(await pair.drift()).toEqual([]);
      expect(await rows(pair.store.db, sql`select 1 from operation where ended_at is null`)).toEqual([]);
      expect(await rows(pair.store.db, sql`select 1 from dead_letter_claim`)).toEqual([]);
      const letters = await pair.stock.rows<{ seq: string }>(
        "select dead_letter_id::text as seq from messaging.dead_letter where state in ('parked', 'redelivering') order by dead_letter_id",
      );
      expect((await pair.letters()).map((letter) => String(letter.seq)).sort()).toEqual(letters.map(({ seq }) => seq).sort());
      expect((await pair.open()).filter((fact) => fact.includes("undelivered"))).toEqual(await undelivered());
    }),
    { numRuns: 16, seed: 7, endOnFailure: true },
  );
});

/** The second person's word on what waits longest for one; false when nothing does. */
async function vote(word: "approve" | "refuse"): Promise<boolean> {
  const [waiting] = await rows<{ id: string }>(
    pair.store.db,
    sql`select approval_id::text as id from approval where state = 'waiting' order by approval_id limit 1`,
  );
  if (!waiting) return false;
  const request = parseVote({ approvalId: waiting.id, key: `model-${n++}`, reason: "as the model says" });
  await (word === "approve" ? approve : refuse)(ada, request);
  return true;
}

/** Events that stock owes: neither processed nor settled by a person. */
async function undelivered(): Promise<string[]> {
  const sent = await pair.shop.rows<{ id: string; key: string; type: string }>(
    "select message_id::text as id, business_key as key, event_type as type from messaging.outbox",
  );
  const done = await pair.stock.rows<{ id: string }>(
    "select message_id::text as id from messaging.inbox union select message_id::text from messaging.dead_letter where state in ('resolved', 'discarded')",
  );
  const gone = new Set(done.map(({ id }) => id));
  return sent
    .filter(({ id }) => !gone.has(id))
    .flatMap(({ key, type }) => (type === "Both" ? ["books", "sales"] : ["sales"]).map((zone) => `${zone} undelivered ${key}`))
    .sort();
}

const letterOf = async (one: Sent) =>
  (
    await pair.stock.rows<{ id: string; state: string }>(
      "select dead_letter_id::text as id, state from messaging.dead_letter where message_id = $1",
      [one.messageId],
    )
  )[0];

async function take(step: (typeof steps)[number], one: Sent | undefined, odd: boolean, sent: Sent[]): Promise<void> {
  const letter = one && (await letterOf(one));
  switch (step) {
    case "emit":
      sent.push(await pair.emit(odd ? "Both" : "Placed", `M-${n++}`, { published: n % 3 > 0 }));
      return;
    case "process":
      if (
        one &&
        !letter &&
        (await pair.stock.rows("select 1 from messaging.inbox where message_id = $1", [one.messageId])).length === 0
      )
        await pair.process(one);
      return;
    case "park":
      if (one && !letter) await pair.park(one, odd ? "TypeError: no site" : "Error: it broke");
      return;
    case "park anew":
      if (one && letter?.state === "parked") await pair.park(one, odd ? "TypeError: no site" : "RangeError: too many");
      return;
    case "resolve":
      if (letter?.state === "parked") await pair.settle(letter.id, odd ? "resolved" : "discarded");
      return;
    case "retry":
    case "discard": {
      const ids = (await pair.letters()).filter((_, i) => odd || i % 2 === 0).map(({ id }) => id);
      if (ids.length === 0) return;
      const request = { selection: { messages: ids }, reason: "as the model says", key: `model-${n++}` };
      const answer = await outcomeOf(() =>
        step === "retry"
          ? requestRetry(jo, parseAct(request))
          : requestDiscard(jo, parseDiscard({ ...request, code: "not_needed" })),
      );
      if (!answer.ok) expect(["conflict", "not_found"]).toContain(answer.refusal.kind);
      return;
    }
    case "cancel": {
      const [open] = await rows<{ id: number }>(
        pair.store.db,
        sql`select operation_id as id from operation where ended_at is null order by 1 limit 1`,
      );
      if (open) await outcomeOf(() => cancelOperation(jo, { operationId: open.id, key: `model-${n++}`, reason: null }));
      return;
    }
    case "approve":
    case "refuse":
      await vote(step);
      return;
    case "dispatch":
      await Promise.all([
        dispatchChunks(pair.store.db, "one", pair.observed),
        dispatchChunks(pair.store.db, "two", pair.observed),
      ]);
      return;
    case "applied":
    case "failed":
      await pair.answer(step, 2);
      return;
    case "watch":
      await Promise.all([watchOutcomes(pair.store.db, pair.observed), watchOutcomes(pair.store.db, pair.observed)]);
      return;
    case "poll":
      // Two sources at once, in whichever order they come.
      await Promise.all(["shop", "stock"].map((sourceId) => pair.observe(sourceId)));
      return;
    case "page":
      await pair.observe(odd ? "shop" : "stock", { pageSize: 2 });
  }
}
