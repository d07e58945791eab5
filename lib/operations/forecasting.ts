import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { failureWords } from "../sources/failure-words";
import { Fenced, fromSource, SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { selectSources } from "../sources/read.sql";
import { isAble } from "./chosen";
import { type Counted, countedTogether, type ForecastOutcome, strictest, walkKey, withoutSending } from "./forecast.rules";
import * as store from "./forecast.sql";
import { requestOf } from "./request";

const PAGE = 5_000;
/** Nobody decides by a preview that takes longer: what was looked at by then is told, and that it is not all. */
const SPENT_MS_MAX = 10_000;
const KEYS_NAMED = 3;

type Worker = { db: Db; workerId: string; observed: readonly Observed[]; pageSize?: number; spentMsMax?: number };

/** Foretells what somebody is about to ask for, until nothing more waits. Reads the sources, and writes to none. */
export async function foretell(worker: Worker, signal?: AbortSignal): Promise<number> {
  for (let done = 0; ; done++) {
    const asked = signal?.aborted ? null : await store.claimForecast(worker.db, worker.workerId);
    if (!asked) return done;
    // Another took it while this one was silent: what it found is as good.
    await foretellOne(worker, asked).catch((error) => {
      if (!(error instanceof Fenced)) throw error;
    });
  }
}

/** In one transaction, so that a worker that dies leaves nothing of it; a page at a time, so that its memory is bounded. */
async function foretellOne(
  { db, workerId, observed, pageSize = PAGE, spentMsMax = SPENT_MS_MAX }: Worker,
  asked: store.Claimed,
): Promise<void> {
  const begun = performance.now();
  const { forecastId } = asked;
  const sources = await selectSources(db);
  const unable = new Set(sources.filter((source) => !isAble(source, "retry")).map(({ sourceId }) => sourceId));
  const expiring = sources.filter(({ abilities }) => abilities?.deadLetters?.expires).map(({ sourceId }) => sourceId);
  const judge = { unable, contracts: await readContracts(db), observed, unasked: new Map<string, store.Unasked>() };
  const sums = new Map<ForecastOutcome, store.Foretold>();
  let lookedN = 0;
  await db.transaction(async (tx) => {
    await store.openLetters(tx, asked, expiring);
    let rest: store.Foreseen[] = [];
    let cut = false;
    for (let more = true; more && !cut; ) {
      const page = await store.fetchLetters(tx, pageSize);
      more = page.length === pageSize;
      const all = [...rest, ...page];
      // The last key may go on in the next page, and is judged whole.
      const whole = more ? all.filter((letter) => !sameKey(letter, all.at(-1)!)) : all;
      rest = all.slice(whole.length);
      const outcomes = await outcomesOf(judge, whole);
      const foreseen = whole.map((letter, place) => ({ id: letter.id, outcome: outcomes[place]! }));
      await store.insertForeseen(tx, forecastId, foreseen);
      for (const [place, letter] of whole.entries()) count(sums, outcomes[place]!, letter.businessKey);
      lookedN += whole.length;
      if (more) await store.markLooked(db, { forecastId, workerId }, lookedN);
      cut = more && lookedN > 0 && performance.now() - begun > spentMsMax;
    }
    const found = {
      ...{ outcomes: [...sums.values()], unasked: [...judge.unasked.values()] },
      whole: !cut && lookedN <= store.LETTERS_MOST,
    };
    if (!(await store.endForecast(tx, { forecastId, workerId }, { lookedN, found }))) throw new Fenced();
  });
}

/** What names no key follows nothing. */
const sameKey = (one: store.Foreseen, other: store.Foreseen): boolean =>
  one.businessKey !== "" &&
  one.sourceId === other.sourceId &&
  one.consumer === other.consumer &&
  one.businessKey === other.businessKey;

function count(sums: Map<ForecastOutcome, store.Foretold>, outcome: ForecastOutcome, key: string): void {
  const sum = sums.get(outcome) ?? { outcome, n: 0, keys: [] };
  sum.n++;
  if (sum.keys.length < KEYS_NAMED && key !== "" && !sum.keys.includes(key)) sum.keys.push(key);
  sums.set(outcome, sum);
}

type Judge = {
  unable: ReadonlySet<string>;
  contracts: readonly Contract[];
  observed: readonly Observed[];
  unasked: Map<string, store.Unasked>;
};

/** What would come of letters, in their order: of those that the store does not settle, as their sources say. */
async function outcomesOf(judge: Judge, letters: readonly store.Foreseen[]): Promise<ForecastOutcome[]> {
  const outcomes = letters.map((letter) => inStore(letter, judge.unable));
  const open = letters.flatMap((letter, place) => (outcomes[place] === null ? [{ letter, place }] : []));
  for (const sourceId of new Set(open.map(({ letter }) => letter.sourceId))) {
    const its = open.filter(({ letter }) => letter.sourceId === sourceId);
    const said = await ofSource(
      judge,
      sourceId,
      its.map(({ letter }) => letter),
    );
    for (const [i, { place }] of its.entries()) outcomes[place] = said[i]!;
  }
  return outcomes as ForecastOutcome[];
}

function inStore({ claimed, state, sourceId }: store.Foreseen, unable: ReadonlySet<string>): ForecastOutcome | null {
  if (claimed) return "claimed";
  if (state === "redelivering") return "retrying";
  return unable.has(sourceId) ? "unable" : null;
}

async function ofSource(judge: Judge, sourceId: string, letters: readonly store.Foreseen[]): Promise<ForecastOutcome[]> {
  const source = judge.observed.find((one) => one.sourceId === sourceId)?.source;
  try {
    if (!source) throw new SourceFailure("", { cause: new Error("This worker knows no such source.") });
    if (source.remembering) {
      const told = letters.map((letter) => ({ ...letter, ...countedTogether(judge.contracts, letter) }));
      return walked(judge.contracts, told, await fromSource(source.remembering.standings(told)));
    }
    const { states } = await fromSource(
      source.redeliveries(letters.map((letter, item) => requestOf(0, "", { ...letter, item, deadLetter: letter.id }))),
    );
    // Of a source that tells nothing of its letters nothing is known.
    return letters.map(({ expired }, i) =>
      states[i] ? (withoutSending(states[i].deadLetterState, expired) ?? "handed") : "unchecked",
    );
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    const known = judge.unasked.get(sourceId);
    judge.unasked.set(sourceId, { sourceId, n: (known?.n ?? 0) + letters.length, why: failureWords(error.cause) });
    return letters.map(() => "unchecked");
  }
}

type Told = store.Foreseen & Counted;
type Standings = Parameters<typeof walkKey>[0][number]["standing"][];

/** Key by key, as they are carried out: they come in that order. */
function walked(contracts: readonly Contract[], letters: readonly Told[], standings: Standings): ForecastOutcome[] {
  const result: ForecastOutcome[] = [];
  for (let from = 0; from < letters.length; ) {
    let to = from + 1;
    while (to < letters.length && sameKey(letters[from]!, letters[to]!)) to++;
    const key = letters
      .slice(from, to)
      .map((letter, i) => ({ ...letter, ordering: orderingOf(contracts, letter), standing: standings[from + i]! }));
    result.push(...walkKey(key));
    from = to;
  }
  return result;
}

const orderingOf = (contracts: readonly Contract[], { zones }: store.Foreseen) =>
  strictest(contracts.filter(({ zoneId }) => zones.includes(zoneId)).map(({ semantics }) => semantics.ordering));
