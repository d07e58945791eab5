import { randomUUID } from "node:crypto";
import type { TestPair } from "../observation/testing";

type Step = {
  name: string;
  kind?: "forward" | "compensation";
  compensates?: number;
  state: string;
  /** From now; negative is past. */
  deadline?: string;
  error?: string;
};

/** A sale's process in shop: two steps forward, `pay` done and `take` running unless others are given. */
export async function makeSaga(
  pair: TestPair,
  key: string,
  {
    state = "running",
    step = "take",
    deadline = "1 hour",
    started = "-1 minute",
    hold = null,
    steps = [
      { name: "pay", state: "done" },
      { name: "take", state: "running" },
    ],
  }: { state?: string; step?: string; deadline?: string; started?: string; hold?: string | null; steps?: Step[] } = {},
): Promise<string> {
  const id = randomUUID();
  await pair.shop.rows(
    `insert into messaging.saga (saga_id, saga_type, business_key, state, step, started_at, deadline_at, hold_until)
     values ($1, 'sale', $2, $3, $4, clock_timestamp() + $5::interval, clock_timestamp() + $6::interval, clock_timestamp() + $7::interval)`,
    [id, key, state, step, started, deadline, hold],
  );
  for (const [i, one] of steps.entries())
    await pair.shop.rows(
      `insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, attempts, started_at, deadline_at, error_type, error_message)
       values ($1, $2, $3, $4, $5, $6, 1, clock_timestamp() - interval '1 minute', clock_timestamp() + $7::interval, $8, $9)`,
      [
        id,
        i + 1,
        one.name,
        one.kind ?? "forward",
        one.compensates ?? null,
        one.state,
        one.deadline ?? "1 hour",
        one.error ? "Refused" : null,
        one.error ?? null,
      ],
    );
  return id;
}

/** What a process has written that undoes its first step. */
export const undoing = (state: string, { deadline = "1 hour", error }: { deadline?: string; error?: string } = {}): Step[] => [
  { name: "pay", state: "done" },
  { name: "take", state: "failed" },
  { name: "unpay", kind: "compensation", compensates: 1, state, deadline, ...(error && { error }) },
];
