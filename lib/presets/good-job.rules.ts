import { grantsOn, type Preset } from "./preset.rules";

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
          published: "case when t.error is null then t.finished_at at time zone 'UTC' end",
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
