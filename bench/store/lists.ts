import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../lib/db/pool";
import { parseGroupFilter, parseLetterFilter } from "../../lib/dead-letters/input";
import { listLetters } from "../../lib/dead-letters/letters";
import { listGroups } from "../../lib/dead-letters/service";
import { heading, number, once, type Timing, table, timingOf } from "../measure";
import { operator } from "./zones";

const LOOK_EVERY_MS = 100;
const LOOKS_BEFORE = 20;

type Lists<T> = { value: T; before: ListTimings; meanwhile: ListTimings };
type ListTimings = { groups: Timing; messages: Timing };

/** Does something, and opens the lists of groups and of messages all the while, as somebody does who looks on; and before that for comparison. */
export async function listsMeanwhile<T>(storeUrl: string, work: () => Promise<T>): Promise<Lists<T>> {
  const store = openStore(storeUrl, 2, "accord bench");
  const look = async (until: () => boolean): Promise<ListTimings> => {
    const [groups, messages]: [number[], number[]] = [[], []];
    do {
      const ctx = { db: store.db, actor: operator, now: Date.now() };
      groups.push((await once(() => listGroups(ctx, parseGroupFilter({})))).ms);
      messages.push((await once(() => listLetters(ctx, parseLetterFilter({})))).ms);
      await sleep(LOOK_EVERY_MS);
    } while (!until());
    return { groups: timingOf(groups), messages: timingOf(messages) };
  };
  try {
    let n = 0;
    const before = await look(() => ++n === LOOKS_BEFORE);
    let done = false;
    const looking = look(() => done);
    const value = await work().finally(() => {
      done = true;
    });
    const meanwhile = await looking;
    return { value, before, meanwhile };
  } finally {
    await store.close();
  }
}

export function printLists({ before, meanwhile }: Lists<unknown>): void {
  const of = ({ p50, p95, n }: Timing) => `${number(p50)} / ${number(p95)} ms (${n})`;
  heading("Lists while letters come, p50 / p95 (times asked)");
  table(
    ["list", "before", "meanwhile"],
    [
      ["groups, first page", of(before.groups), of(meanwhile.groups)],
      ["messages, first page", of(before.messages), of(meanwhile.messages)],
    ],
  );
}
