import { grantsOn, type Preset } from "./preset.rules";

/** River: jobs of Go services. */
export const river: Preset = {
  name: "river",
  title: "River",
  schema: "public",
  variants: [
    {
      name: "migration 5 and later",
      needs: [
        {
          table: "river_job",
          has: [
            "id",
            "state",
            "attempt",
            "max_attempts",
            "created_at",
            "finalized_at",
            "scheduled_at",
            "args",
            "errors",
            "kind",
            "queue",
          ],
        },
      ],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}river_job t`,
          parked: "t.state = 'discarded'",
          done: "t.state in ('completed', 'cancelled')",
          absent: "deleted by retention",
          id: "t.id",
          consumer: "t.queue",
          type: "t.kind",
          payload: "t.args",
          error: "t.errors[array_length(t.errors, 1)] ->> 'error'",
          stack: "t.errors[array_length(t.errors, 1)] ->> 'trace'",
          attempts: "t.attempt",
          occurred: "t.created_at",
          parked_at: "t.finalized_at",
          expires: "t.finalized_at + interval '7 days'",
          retry: `update ${schema}river_job set state = 'available', max_attempts = case when attempt = max_attempts then max_attempts + 1 else max_attempts end, finalized_at = null, scheduled_at = now() where id = :id and state = 'discarded'`,
          discard: `update ${schema}river_job set state = 'cancelled', finalized_at = now() where id = :id and state = 'discarded'`,
          outcome: { applied: "t.state = 'completed'", failed: "t.state = 'discarded'", taken: "t.state = 'running'" },
        },
        outbox: {
          from: `${schema}river_job t`,
          id: "t.id",
          type: "t.kind",
          payload: "t.args",
          occurred: "t.created_at",
          published: "case when t.state in ('completed', 'cancelled') then t.finalized_at end",
          pending: "t.state in ('available', 'running', 'retryable', 'scheduled', 'pending') and t.scheduled_at <= now()",
          absent: "deleted by retention",
          attempts: "t.attempt",
        },
      }),
      grants: (at) =>
        grantsOn(at, { read: ["river_job"], write: { river_job: ["state", "max_attempts", "finalized_at", "scheduled_at"] } }),
    },
  ],
  hazards: [
    "River deletes discarded jobs seven days after they failed, unless set otherwise.",
    "A job that is unique is not retried while another with its key is live.",
  ],
  unseen: [
    "River records an error's text and trace, and no type.",
    "River records no business key of its own: say key: under dead_letters, such as t.args->>'orderId'.",
  ],
  beat: { words: "A client of River takes it at its next fetch, every second unless set otherwise.", withinMs: 10_000 },
};
