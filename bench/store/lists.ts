import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { heading, number, type Timing, table, timingOf } from "../measure";
import type { Looks, Told } from "./looker";

const LOOKS_BEFORE = 20;

export type Lists = { before: ListTimings; meanwhile: ListTimings };
type ListTimings = { groups: Timing; messages: Timing };

/** Does something, and opens the lists of groups and of messages all the while, as somebody does who looks on; and before that for comparison. */
export async function listsMeanwhile(storeUrl: string, work: () => Promise<void>): Promise<Lists> {
  const looker = fork(path.join(import.meta.dirname, "looker.ts"), [storeUrl], { execArgv: ["--import", "tsx"] });
  const looked = async (): Promise<ListTimings> => {
    const [looks] = (await once(looker, "message")) as [Looks];
    return { groups: timingOf(looks.groups), messages: timingOf(looks.messages) };
  };
  const tell = (told: Told) => looker.send(told);
  try {
    tell({ looks: LOOKS_BEFORE });
    const before = await looked();
    tell({ looks: null });
    const looking = looked();
    await work();
    tell("stop");
    return { before, meanwhile: await looking };
  } finally {
    looker.kill();
  }
}

export function printLists({ before, meanwhile }: Lists): void {
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
