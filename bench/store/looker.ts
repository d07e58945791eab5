import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../lib/db/pool";
import { parseGroupFilter, parseLetterFilter } from "../../lib/dead-letters/input";
import { listLetters } from "../../lib/dead-letters/letters";
import { listGroups } from "../../lib/dead-letters/service";
import { once } from "../measure";
import { operator } from "./zones";

/** What a looker is told: to look so many times, or until it is told to stop. */
export type Told = { looks: number | null } | "stop";
export type Looks = { groups: number[]; messages: number[] };

const LOOK_EVERY_MS = 100;

// A process of its own, as the pages' server is one.
const store = openStore(process.argv[2]!, 2, "accord bench looker");
let stopped = false;

process.on("message", (told: Told) => {
  if (told === "stop") stopped = true;
  else void look(told.looks ?? Number.POSITIVE_INFINITY).then((looks) => process.send!(looks));
});

async function look(most: number): Promise<Looks> {
  stopped = false;
  const looks: Looks = { groups: [], messages: [] };
  while (!stopped && looks.groups.length < most) {
    const ctx = { db: store.db, actor: operator, now: Date.now() };
    looks.groups.push((await once(() => listGroups(ctx, parseGroupFilter({})))).ms);
    looks.messages.push((await once(() => listLetters(ctx, parseLetterFilter({})))).ms);
    await sleep(LOOK_EVERY_MS);
  }
  return looks;
}
