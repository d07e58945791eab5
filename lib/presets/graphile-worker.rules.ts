import { grantsOn, type Preset } from "./preset.rules";

export const graphileWorker: Preset = {
  name: "graphile-worker",
  title: "Graphile Worker",
  schema: "graphile_worker",
  variants: [
    {
      name: "0.14 and later",
      needs: [
        {
          table: "_private_jobs",
          has: [
            "id",
            "task_id",
            "payload",
            "attempts",
            "max_attempts",
            "last_error",
            "locked_at",
            "run_at",
            "created_at",
            "updated_at",
          ],
        },
        { table: "_private_tasks", has: ["id", "identifier"] },
      ],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}_private_jobs t join ${schema}_private_tasks k on k.id = t.task_id`,
          parked: "t.attempts >= t.max_attempts and t.locked_at is null",
          absent: "done",
          id: "t.id",
          consumer: "k.identifier",
          type: "k.identifier",
          payload: "t.payload",
          error: "t.last_error",
          attempts: "t.attempts",
          occurred: "t.created_at",
          parked_at: "t.updated_at",
          correlation: "t.key",
          retry: `select id from ${schema}reschedule_jobs(array[:id], run_at => now(), attempts => 0)`,
          discard: `select id from ${schema}complete_jobs(array[:id])`,
          outcome: { failed: "t.attempts >= t.max_attempts and t.locked_at is null", taken: "t.locked_at is not null" },
        },
        outbox: {
          from: `${schema}_private_jobs t join ${schema}_private_tasks k on k.id = t.task_id`,
          id: "t.id",
          type: "k.identifier",
          payload: "t.payload",
          occurred: "t.created_at",
          pending: "t.attempts < t.max_attempts and t.run_at <= now()",
          absent: "done",
          attempts: "t.attempts",
        },
      }),
      grants: (at) => {
        const { observer } = grantsOn(at, { read: ["_private_jobs", "_private_tasks"] });
        // Its tables have row security without a policy: nobody but their owner sees a row otherwise.
        const bypass = "alter role ROLE bypassrls";
        return {
          observer: [...observer, bypass],
          actor: [
            ...observer,
            bypass,
            `grant update, delete on ${at.schema}_private_jobs to ROLE`,
            `grant select on ${at.schema}_private_job_queues to ROLE`,
            `grant execute on function ${at.schema}reschedule_jobs, ${at.schema}complete_jobs to ROLE`,
          ],
        };
      },
    },
  ],
  hazards: ["A job of a serial queue runs before those that were added after it, and holds them up while it fails again."],
  unseen: [
    "Graphile Worker deletes a job that is done: there is no throughput and no percentile of what was done.",
    "Graphile Worker records the error's message and no type.",
    "Graphile Worker records no business key of its own: say key: under dead_letters, such as t.payload->>'orderId'.",
  ],
  beat: { words: "A worker of Graphile Worker is woken at once, or takes it at its next poll.", withinMs: 10_000 },
};
