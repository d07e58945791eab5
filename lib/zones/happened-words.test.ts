import { expect, test } from "vitest";
import { minutes } from "../time";
import type { Verdict } from "../verdicts/rules";
import { happened } from "./happened-words";

const now = Date.UTC(2026, 5, 18, 3, 12);
const change = (verdict: Verdict, minutesAgo: number) => ({ at: now - minutes(minutesAgo), verdict, oldestKey: null });

test("X23: turns between healthy and converging are one entry; what happened otherwise stands by itself", () => {
  const changes = [
    ...Array.from({ length: 20 }, (_, i) => change(i % 2 ? "converging" : "healthy", i)),
    change("breached", 21),
    change("converging", 22),
    change("healthy", 23),
  ];
  const deploy = { at: now - minutes(22.5), kind: "deploy", label: "2.41.0" } as const;
  expect(happened(changes, [deploy]).map(({ text }) => text)).toEqual([
    "Healthy, after 19 turns between healthy and converging within 19m 00s",
    "Breached",
    "Converging",
    "2.41.0 deployed",
    "Healthy",
  ]);
});

test("X23: a turn or two are told as they were", () => {
  expect(happened([change("healthy", 1), change("converging", 2)], []).map(({ text }) => text)).toEqual([
    "Healthy",
    "Converging",
  ]);
});
