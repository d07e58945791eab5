import { grantsOn, type Preset } from "./preset.rules";

/** Oban: jobs of Elixir services, in times without a zone that are UTC. */
export const oban: Preset = {
  name: "oban",
  title: "Oban",
  schema: "public",
  variants: [
    {
      name: "v9 and later",
      needs: [
        {
          table: "oban_jobs",
          has: [
            "id",
            "state",
            "queue",
            "worker",
            "args",
            "errors",
            "attempt",
            "max_attempts",
            "inserted_at",
            "scheduled_at",
            "completed_at",
            "discarded_at",
            "cancelled_at",
          ],
        },
      ],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}oban_jobs t`,
          parked: "t.state = 'discarded'",
          done: "t.state in ('completed', 'cancelled')",
          absent: "deleted by retention",
          id: "t.id",
          consumer: "t.queue",
          type: "t.worker",
          payload: "t.args",
          error: "split_part(t.errors[array_length(t.errors, 1)] ->> 'error', E'\\n', 1)",
          stack: "t.errors[array_length(t.errors, 1)] ->> 'error'",
          attempts: "t.attempt",
          occurred: "t.inserted_at at time zone 'UTC'",
          parked_at: "t.discarded_at at time zone 'UTC'",
          retry: `update ${schema}oban_jobs set state = 'available', max_attempts = greatest(max_attempts, attempt + 1), scheduled_at = timezone('UTC', now()), completed_at = null, cancelled_at = null, discarded_at = null where id = :id and state = 'discarded'`,
          discard: `update ${schema}oban_jobs set state = 'cancelled', cancelled_at = timezone('UTC', now()) where id = :id and state = 'discarded'`,
          outcome: { applied: "t.state = 'completed'", failed: "t.state = 'discarded'", taken: "t.state = 'executing'" },
        },
        outbox: {
          from: `${schema}oban_jobs t`,
          id: "t.id",
          type: "t.worker",
          payload: "t.args",
          occurred: "t.inserted_at at time zone 'UTC'",
          published: "coalesce(t.completed_at, t.cancelled_at) at time zone 'UTC'",
          pending: "t.state in ('available', 'executing', 'retryable', 'scheduled') and t.scheduled_at <= timezone('UTC', now())",
          absent: "deleted by retention",
          attempts: "t.attempt",
        },
      }),
      grants: (at) =>
        grantsOn(at, {
          read: ["oban_jobs"],
          write: { oban_jobs: ["state", "max_attempts", "scheduled_at", "completed_at", "cancelled_at", "discarded_at"] },
        }),
    },
  ],
  hazards: [
    "Oban's pruner deletes discarded jobs after 60 s unless set otherwise: set max_age, or they are gone before anybody looks.",
  ],
  unseen: [
    "Oban records an error as a text with its stack, and no type.",
    "Oban records no business key of its own: say key: under dead_letters, such as t.args->>'orderId'.",
  ],
  beat: { words: "Oban's stager takes it within a second.", withinMs: 10_000 },
};
