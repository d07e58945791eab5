import type { Tx } from "./cluster";
import type { FrameworkService, Job, JobWork } from "./framework";

/** Something that a consumer is about to do. */
export type Noted = { id: string; type: string; key: string; occurredAt: string };

/** Notes these as handled in the caller's transaction, and answers the ids of those that were not before. */
export async function note(tx: Tx, service: FrameworkService, consumer: string, all: Noted[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into handled (consumer, consumer_version, message_id, event_type, business_key, occurred_at)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[])
     on conflict do nothing returning message_id as id`,
    [
      consumer,
      service.version,
      all.map(({ id }) => id),
      all.map(({ type }) => type),
      all.map(({ key }) => key),
      all.map(({ occurredAt }) => occurredAt),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Does a job's work once, however often the framework hands it out: the note of it commits with its effect. */
export async function doOnce(service: FrameworkService, task: string, job: Job, work: JobWork): Promise<void> {
  const { order_id: key, enqueued_at: occurredAt } = job.data;
  await service.database.transaction(async (tx) => {
    const isNew = (await note(tx, service, task, [{ id: job.id, type: task, key, occurredAt }])).size > 0;
    if (isNew) await work(tx, job, service);
  });
}
