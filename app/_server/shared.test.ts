import { expect, test } from "vitest";
import type { Db } from "@/lib/db/pool";
import type { WebCtx } from "./context";
import { shared } from "./shared";

const ctxOf = (zones: string[] | null, role: "viewer" | "operator" = "operator"): WebCtx => ({
  db: {} as Db,
  now: 0,
  actor: { kind: "operator", operatorId: crypto.randomUUID(), name: "", email: "", role, zones, sessionId: null },
});

/** A verb that answers when it is let, with what was true when it began. */
function held() {
  const runs: { input: string; answer: () => void; fail: () => void }[] = [];
  let truth = 0;
  const verb = shared((_: WebCtx, input: string) => {
    const began = truth;
    return new Promise<string>((resolve, reject) =>
      runs.push({ input, answer: () => resolve(`${input} ${began}`), fail: () => reject(new Error(`failed at ${began}`)) }),
    );
  });
  return { runs, verb, write: () => ++truth };
}

test("however many ask at once, two runs answer them, and no answer is older than its question", async () => {
  const { runs, verb, write } = held();
  const first = verb(ctxOf(null), "a");
  write();
  const others = Array.from({ length: 50 }, () => verb(ctxOf(null), "a"));
  expect(runs).toHaveLength(1);
  runs[0]!.answer();
  expect(await first).toBe("a 0");
  expect(runs).toHaveLength(2);
  write();
  const late = verb(ctxOf(null), "a");
  runs[1]!.answer();
  expect(new Set(await Promise.all(others))).toEqual(new Set(["a 1"]));
  runs[2]!.answer();
  expect(await late).toBe("a 2");
  void verb(ctxOf(null), "a");
  expect(runs).toHaveLength(4);
});

test("who has other zones, another role or another question shares nothing", () => {
  const { runs, verb } = held();
  for (const ctx of [ctxOf(null), ctxOf([]), ctxOf(["a"]), ctxOf(["a", "b"]), ctxOf(null, "viewer")])
    for (const input of ["a", "b"]) void verb(ctx, input);
  expect(runs).toHaveLength(10);
});

test("what is asked of oneself is answered to oneself, whoever else asks the same words at once", async () => {
  const runs: (() => void)[] = [];
  const verb = shared(
    ({ actor }: WebCtx, _: string) =>
      new Promise<string>((resolve) => runs.push(() => resolve(actor.kind === "operator" ? actor.operatorId : ""))),
    (input) => input === "mine",
  );
  const people = [ctxOf(null), ctxOf(null), ctxOf(null)];
  const answers = people.map((ctx) => verb(ctx, "mine"));
  expect(runs).toHaveLength(3);
  for (const answer of runs) answer();
  expect(await Promise.all(answers)).toEqual(people.map(({ actor }) => actor.kind === "operator" && actor.operatorId));
});

test("a run that fails fails for those who had it; who waits gets the next", async () => {
  const { runs, verb } = held();
  const first = verb(ctxOf(null), "a");
  const second = verb(ctxOf(null), "a");
  runs[0]!.fail();
  await expect(first).rejects.toThrow("failed at 0");
  await Promise.resolve();
  runs[1]!.answer();
  expect(await second).toBe("a 0");
});
