import type { Preset } from "./preset.rules";

/** Jobs of pg-boss, version 10 and later: a failed job stays in its queue, and where the queue names a dead letter queue, a copy waits there. */
export const pgBoss: Preset = {
  name: "pg-boss",
  title: "pg-boss",
  schema: "pgboss",
  variants: [
    {
      name: "v10 and later",
      needs: [{ table: "job", has: ["id", "name", "state", "retry_count", "created_on", "completed_on", "output"] }],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}job t`,
          parked: "t.state = 'failed'",
          done: "t.state in ('completed', 'cancelled')",
          absent: "deleted by retention",
          id: "t.id",
          consumer: "t.name",
          type: "t.name",
          payload: "t.data",
          error_type: "t.output->>'name'",
          error: "coalesce(t.output->>'message', t.output->>'value')",
          stack: "t.output->>'stack'",
          attempts: "t.retry_count + 1",
          occurred: "t.created_on",
          parked_at: "t.completed_on",
          retry: `update ${schema}job set state = 'retry', retry_limit = retry_limit + 1, completed_on = null where name = :consumer and id = :id and state = 'failed'`,
          outcome: { applied: "t.state = 'completed'", failed: "t.state = 'failed'", taken: "t.state = 'active'" },
        },
      }),
      grants: ({ schema }) => ({
        observer: [`grant usage on schema ${schema.slice(0, -1)} to ROLE`, `grant select on ${schema}job to ROLE`],
        actor: [
          `grant usage on schema ${schema.slice(0, -1)} to ROLE`,
          `grant select, update (state, retry_limit, completed_on) on ${schema}job to ROLE`,
        ],
      }),
    },
  ],
  hazards: [],
  unseen: [],
  beat: { words: "A worker of pg-boss takes it at its next poll, every 2 s unless set otherwise.", withinMs: 10_000 },
};
