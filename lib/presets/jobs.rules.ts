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
          published: "t.finalized_at",
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
          published: "coalesce(t.completed_at, t.discarded_at, t.cancelled_at) at time zone 'UTC'",
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

/** GoodJob: jobs of Rails in one table. */
export const goodJob: Preset = {
  name: "good-job",
  title: "GoodJob",
  schema: "public",
  variants: [
    {
      name: "v3 and later",
      needs: [
        {
          table: "good_jobs",
          has: ["id", "queue_name", "serialized_params", "scheduled_at", "performed_at", "finished_at", "error", "created_at"],
        },
      ],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}good_jobs t`,
          parked: "t.finished_at is not null and t.error is not null",
          done: "t.finished_at is not null and t.error is null",
          absent: "deleted by retention",
          id: "t.id",
          consumer: "t.queue_name",
          type: "t.serialized_params ->> 'job_class'",
          payload: "t.serialized_params",
          error_type: "split_part(t.error, ':', 1)",
          error: "t.error",
          attempts: "coalesce((t.serialized_params ->> 'executions')::int, 0) + 1",
          occurred: "t.created_at at time zone 'UTC'",
          parked_at: "t.finished_at at time zone 'UTC'",
        },
        outbox: {
          from: `${schema}good_jobs t`,
          id: "t.id",
          type: "t.serialized_params ->> 'job_class'",
          occurred: "t.created_at at time zone 'UTC'",
          published: "t.finished_at at time zone 'UTC'",
          pending: "t.finished_at is null and (t.scheduled_at is null or t.scheduled_at <= timezone('UTC', now()))",
          absent: "deleted by retention",
        },
      }),
      grants: (at) => grantsOn(at, { read: ["good_jobs"] }),
    },
  ],
  hazards: [
    "Only the application can retry a discarded job: GoodJob's dashboard, or retry_job in a console. Accord watches for the effect.",
  ],
  unseen: [
    "GoodJob records an error as one text, and no stack.",
    "GoodJob records no business key of its own: say key: under dead_letters.",
  ],
  beat: null,
};
