import { grantsOn, type Preset } from "./preset.rules";

/** Solid Queue: jobs of Rails, with a table of what failed. */
export const solidQueue: Preset = {
  name: "solid-queue",
  title: "Solid Queue",
  schema: "public",
  variants: [
    {
      name: "v1",
      needs: [
        {
          table: "solid_queue_jobs",
          has: ["id", "queue_name", "class_name", "arguments", "priority", "created_at", "finished_at"],
        },
        { table: "solid_queue_failed_executions", has: ["job_id", "error", "created_at"] },
        { table: "solid_queue_ready_executions", has: ["job_id", "queue_name", "priority", "created_at"] },
      ],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}solid_queue_failed_executions t join ${schema}solid_queue_jobs j on j.id = t.job_id`,
          parked: "true",
          absent: "done",
          id: "t.job_id",
          consumer: "j.queue_name",
          type: "j.class_name",
          payload: "j.arguments",
          error_type: "t.error::jsonb ->> 'exception_class'",
          error: "t.error::jsonb ->> 'message'",
          stack: "t.error::jsonb ->> 'backtrace'",
          attempts: "j.arguments::jsonb ->> 'executions'",
          occurred: "j.created_at at time zone 'UTC'",
          parked_at: "t.created_at at time zone 'UTC'",
          retry: `with f as (delete from ${schema}solid_queue_failed_executions where job_id = :id returning job_id) insert into ${schema}solid_queue_ready_executions (job_id, queue_name, priority, created_at) select j.id, j.queue_name, j.priority, timezone('UTC', now()) from ${schema}solid_queue_jobs j join f on f.job_id = j.id`,
          outcome: `select case when exists (select 1 from ${schema}solid_queue_failed_executions where job_id = :id) then 'failed'
            when (select finished_at from ${schema}solid_queue_jobs where id = :id) is not null then 'applied'
            when exists (select 1 from ${schema}solid_queue_ready_executions where job_id = :id) then 'waiting'
            when exists (select 1 from ${schema}solid_queue_jobs where id = :id) then 'taken' end`,
        },
        outbox: {
          from: `${schema}solid_queue_jobs t`,
          id: "t.id",
          type: "t.class_name",
          occurred: "t.created_at at time zone 'UTC'",
          published: "t.finished_at at time zone 'UTC'",
          pending: `exists (select 1 from ${schema}solid_queue_ready_executions r where r.job_id = t.id)`,
          absent: "done",
        },
      }),
      grants: (at) => {
        const tables = ["solid_queue_failed_executions", "solid_queue_jobs", "solid_queue_ready_executions"];
        const { observer } = grantsOn(at, { read: tables });
        return {
          observer,
          actor: [
            ...observer,
            `grant update, delete on ${at.schema}solid_queue_failed_executions to ROLE`,
            `grant insert on ${at.schema}solid_queue_ready_executions to ROLE`,
            `grant usage on sequence ${at.schema}solid_queue_ready_executions_id_seq to ROLE`,
          ],
        };
      },
    },
  ],
  hazards: ["A job that waits behind a concurrency limit is not checked against it when it is retried."],
  unseen: [
    "Solid Queue deletes finished jobs after a day unless set otherwise.",
    "Solid Queue records no business key of its own: say key: under dead_letters.",
  ],
  beat: { words: "A worker of Solid Queue takes it at its next poll.", withinMs: 10_000 },
};
