import type { SourceMap } from "./map.rules";
import type { At, Preset, Variant } from "./preset.rules";
import { grantsOn } from "./preset.rules";

/** `notACopy`: a failed job of a queue with a dead letter queue leaves a copy there, which is the same job and not another one. */
const mapOf = ({ schema }: At, notACopy: string): SourceMap => ({
  dead_letters: {
    from: `${schema}job t`,
    parked: `t.state = 'failed'${notACopy}`,
    done: "t.state in ('completed', 'cancelled')",
    absent: "deleted by retention",
    // The order of its primary key, which has no index on the id alone.
    id: ["t.name", "t.id"],
    message: "t.id",
    consumer: "t.name",
    type: "t.name",
    payload: "t.data",
    error_type: "t.output->>'name'",
    error: "coalesce(t.output->>'message', t.output->>'value')",
    stack: "t.output->>'stack'",
    attempts: "t.retry_count + 1",
    occurred: "t.created_on",
    parked_at: "t.completed_on",
    retry: `update ${schema}job set state = 'retry', retry_limit = retry_limit + 1, completed_on = null where name = :id1 and id = :id2 and state = 'failed'`,
    discard: `update ${schema}job set state = 'cancelled', completed_on = now() where name = :id1 and id = :id2 and state = 'failed'`,
    outcome: { applied: "t.state = 'completed'", failed: "t.state = 'failed'", taken: "t.state = 'active'" },
  },
  outbox: {
    from: `${schema}job t`,
    id: "t.id",
    type: "t.name",
    payload: "t.data",
    occurred: "t.created_on",
    pending: `t.state in ('created', 'retry', 'active') and t.start_after <= now()${notACopy}`,
    absent: "done",
    attempts: "t.retry_count",
  },
});

const variant = (name: string, has: string[], without: string[], notACopy: (at: At) => string): Variant => ({
  name,
  needs: [
    {
      table: "job",
      has: ["id", "name", "state", "retry_count", "retry_limit", "created_on", "completed_on", "output", "start_after", ...has],
      without,
    },
  ],
  map: (at) => mapOf(at, notACopy(at)),
  grants: (at) =>
    grantsOn(at, {
      read: without.length > 0 ? ["job", "queue"] : ["job"],
      write: { job: ["state", "retry_limit", "completed_on"] },
    }),
});

export const pgBoss: Preset = {
  name: "pg-boss",
  title: "pg-boss",
  schema: "pgboss",
  variants: [
    variant("with source_id (v11 and later)", ["source_id"], [], () => " and t.source_id is null"),
    // Where copies say nothing of their origin, what lies in a dead letter queue is taken for a copy.
    variant(
      "v10",
      [],
      ["source_id"],
      ({ schema }) => ` and not exists (select 1 from ${schema}queue q where q.dead_letter = t.name)`,
    ),
  ],
  hazards: [
    "pg-boss deletes failed jobs seven days after they failed, unless its queue says otherwise.",
    "A retried job runs beside newer ones of its key: pg-boss keeps an order only in queues whose policy says so, and a retry is refused there while another job of the key is live.",
    "The copy in a dead letter queue stays there when the original is retried: whoever also works that queue does the job twice.",
  ],
  unseen: ["pg-boss records no business key of its own: say key: under dead_letters, such as t.data->>'orderId'."],
  beat: { words: "A worker of pg-boss takes it at its next poll, every 2 s unless set otherwise.", withinMs: 10_000 },
};
