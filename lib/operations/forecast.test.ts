import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { list, rows } from "../db/rows";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { dispatchChunks } from "./dispatch";
import { readForecast } from "./forecast";
import type { ForecastOutcome } from "./forecast.rules";
import { foretell } from "./forecasting";
import { parseAct } from "./input";
import { preview } from "./preview";
import { requestRetry } from "./service";
import { arrange, carryOut, situation, type TruthEstate, truthEstate } from "./truth.testing";
import { watchOutcomes } from "./watch";

let estate: TruthEstate;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  estate = await truthEstate();
  jo = (await makeOperator(estate.pair.store.db, Date.now(), { role: "administrator", name: "Jo" })).ctx;
  await estate.pair.observe("shop");
});
afterAll(() => estate.close());

const act = (messages: number[], plan?: object) =>
  parseAct({ selection: { messages }, reason: "the fix is deployed", ...(plan && { plan }), key: `truth-${n++}` });
const now = () => ({ ...jo, now: Date.now() });

async function foretold(messages: number[]) {
  const { db } = estate.pair.store;
  const { forecastId } = await preview(now(), { messages, groups: [], asOf: null });
  await foretell({ db, workerId: "w", observed: estate.pair.observed });
  const view = await readForecast(now(), { forecastId: Number(forecastId) });
  const letters = await rows<{ id: number; outcome: ForecastOutcome; key: string; version: number | null }>(
    db,
    sql`select l.dead_letter as id, l.outcome, d.business_key as key, d.version::float8 as version from forecast_letter l join dead_letter d on d.id = l.dead_letter
          where l.forecast_id = ${Number(forecastId)} order by d.business_key, d.version, d.since, d.id`,
  );
  return { view, letters };
}

/** What became of each message: its outcome, "nothing sent" where its turn found it settled, "left out" where it was no item. */
async function became(messages: number[]): Promise<Map<number, string>> {
  const { db } = estate.pair.store;
  const { operationId } = await requestRetry(now(), act(messages));
  for (let round = 0; ; round++) {
    await dispatchChunks(db, "w", estate.pair.observed);
    await carryOut(estate);
    await watchOutcomes(db, estate.pair.observed);
    const [open] = await rows<{ open: boolean }>(
      db,
      sql`select ended_at is null as open from operation where operation_id = ${Number(operationId)}`,
    );
    if (!open!.open) break;
    expect(round, "it comes to an end").toBeLessThan(40);
  }
  const ended = await rows<{ id: number; outcome: string }>(
    db,
    sql`select i.dead_letter as id, case when o.detail is null then o.outcome else 'nothing sent' end as outcome
          from operation_item i join operation_outcome o using (operation_id, item) where i.operation_id = ${Number(operationId)}`,
  );
  return new Map(messages.map((id) => [id, ended.find((one) => one.id === id)?.outcome ?? "left out"]));
}

const means: Record<ForecastOutcome, string[]> = {
  ...{ deliver: ["succeeded"], handed: ["succeeded"], processed: ["duplicate"], stale: ["stale"], held: ["held"] },
  ...{ settled: ["nothing sent"], expired: ["nothing sent"], claimed: ["left out"], unable: ["left out"] },
  // Seen by the store it is left out; else its turn finds that somebody else's retry has processed it.
  ...{ retrying: ["left out", "nothing sent"], undone: [], unchecked: [] },
};

const seed = Number(process.env.SEED ?? 12_003);
test("what a preview foretells of 20 situations is what then happens, message by message, when nothing else moves", async () => {
  const { db } = estate.pair.store;
  const seen = new Map<string, number>();
  for (const [i, each] of fc.sample(situation, { seed, numRuns: 20 }).entries()) {
    const tag = await arrange(estate, each);
    const letters = await rows<{ id: number; state: string; native: boolean }>(
      db,
      sql`select id, state, source_id = 'stock' as native from dead_letter where business_key like ${`${tag}%`} order by id`,
    );
    const ids = letters.map(({ id }) => id);
    const free = letters.filter(({ state, native }) => state === "parked" && native);
    const claimed = each.others
      .filter(({ what }) => what === "claimed")
      .flatMap(({ which }) => free[which % free.length]?.id ?? []);
    if (claimed.length > 0) await requestRetry(now(), act(claimed, { notBefore: Date.now() + 3_600_000 }));
    if (ids.length === 0 || claimed.length === ids.length) continue;
    const { view, letters: said } = await foretold(ids);
    expect(view.state, `${seed}/${i}`).toBe("done");
    expect(view.outcomes.reduce((sum, one) => sum + one.n, 0)).toBe(ids.length);
    const then = await became(ids);
    const wrong = said.filter(({ id, outcome }) => !means[outcome].includes(then.get(id)!));
    expect(
      wrong.map((one) => `${one.key} v${one.version}: foretold ${one.outcome}, became ${then.get(one.id)}`),
      `situation ${i} of seed ${seed}: ${JSON.stringify(each)}`,
    ).toEqual([]);
    for (const { outcome } of said) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  console.info(`seed ${seed}: ${JSON.stringify(Object.fromEntries(seen))}`);
  // What never came up would be proven by nothing.
  const always: ForecastOutcome[] = [
    "deliver",
    "handed",
    "stale",
    "processed",
    "held",
    "settled",
    "expired",
    "retrying",
    "claimed",
    "unable",
  ];
  expect(always.filter((outcome) => !seen.has(outcome))).toEqual([]);
});

/** A situation of so many parked messages that nobody else touches. */
const plain = (lettersN: number) => ({
  keys: Array.from({ length: lettersN }, () => ({ kind: "Latest" as const, steps: [{ ahead: 1, does: "parked" as const }] })),
  ...{ jobs: [], others: [] },
});
const lettersOf = async (tag: string) =>
  (
    await rows<{ id: number }>(
      estate.pair.store.db,
      sql`select id from dead_letter where business_key like ${`${tag}%`} order by id`,
    )
  ).map(({ id }) => id);

test("what was previewed too long ago, or has come to another number, is refused with the new one, and nothing is kept", async () => {
  const letters = await lettersOf(await arrange(estate, plain(3)));
  const previewed = { at: Date.now(), messagesN: 3 };
  const ask = (over: object) =>
    outcomeOf(() => requestRetry(now(), { ...act(letters), key: `truth-${n++}`, previewed: { ...previewed, ...over } }));
  expect(await ask({ at: Date.now() - 121_000 })).toMatchObject({
    refusal: { kind: "conflict", message: expect.stringMatching(/^The preview is older than 2 minutes/) },
  });
  await requestRetry(now(), act([letters[0]!]));
  expect(await ask({})).toMatchObject({
    refusal: {
      message: "It is another number by now: the preview said 3 messages, and 2 can be retried.",
      detail: { messagesN: 2 },
    },
  });
  expect(await rows(estate.pair.store.db, sql`select 1 from dead_letter_claim where dead_letter = ${letters[1]!}`)).toEqual([]);
  expect(await ask({ messagesN: 2 })).toMatchObject({ ok: true, value: { itemsN: 2 } });
});

test("Trap 1, counts chase new arrivals: what arrives after a preview is counted, and never swept in", async () => {
  const { db } = estate.pair.store;
  const tag = await arrange(estate, plain(2));
  const [{ groupId }] = (await rows<{ groupId: number }>(
    db,
    sql`select group_id as "groupId" from dead_letter where business_key like ${`${tag}%`}`,
  )) as [{ groupId: number }];
  const selection = { messages: [], groups: [groupId], asOf: null };
  const before = await preview(now(), selection);
  const arrived = await lettersOf(await arrange(estate, plain(2)));
  expect(await readForecast(now(), { forecastId: Number(before.forecastId) })).toMatchObject({ arrivedN: 2 });
  const asked = parseAct({
    selection: { groups: [groupId], asOf: before.now },
    previewed: { at: before.now, messagesN: before.messagesN },
    ...{ reason: "the fix is deployed", key: `truth-${n++}` },
  });
  const { operationId } = await requestRetry(now(), asked);
  expect(
    await rows(
      db,
      sql`select 1 from dead_letter_claim where dead_letter = any(${list(arrived, "bigint")}) and operation_id = ${Number(operationId)}`,
    ),
  ).toEqual([]);
});

test("what takes too long is foretold of the first, and said to be no more", async () => {
  const letters = await lettersOf(await arrange(estate, plain(4)));
  const { forecastId } = await preview(now(), { messages: letters, groups: [], asOf: null });
  const worker = { db: estate.pair.store.db, workerId: "w", observed: estate.pair.observed };
  await foretell({ ...worker, pageSize: 2, spentMsMax: 0 });
  const view = await readForecast(now(), { forecastId: Number(forecastId) });
  expect(view).toMatchObject({ state: "done", whole: false, lookedN: 1, outcomes: [{ outcome: "deliver", n: 1 }] });
});

test("a source that cannot be asked leaves its messages unlooked at, and says why; another's preview is nobody's", async () => {
  const letters = await lettersOf(await arrange(estate, plain(2)));
  const { forecastId } = await preview(now(), { messages: letters, groups: [], asOf: null });
  const id = { forecastId: Number(forecastId) };
  const away = { standings: () => Promise.reject(new Error("connect ECONNREFUSED")) };
  const observed = estate.pair.observed.map((one) => ({ ...one, source: { ...one.source, remembering: away } }));
  expect(await readForecast(now(), id)).toMatchObject({ state: "waiting", outcomes: [] });
  await foretell({ db: estate.pair.store.db, workerId: "w", observed });
  const view = await readForecast(now(), id);
  expect(view).toMatchObject({
    state: "done",
    outcomes: [{ outcome: "unchecked", n: 2 }],
    unasked: [{ sourceId: "stock", n: 2 }],
  });
  const other = (await makeOperator(estate.pair.store.db, Date.now(), { role: "administrator", name: "Ada" })).ctx;
  await expect(readForecast(other, id)).rejects.toMatchObject({ kind: "not_found" });
});
