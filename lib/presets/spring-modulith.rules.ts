import type { SourceMap } from "./map.rules";
import { type At, grantsOn, type Preset, type Variant } from "./preset.rules";

const COLUMNS = ["id", "listener_id", "event_type", "serialized_event", "publication_date", "completion_date"];
const V2 = ["status", "completion_attempts", "last_resubmission_date"];
// Version 1 tells no failure from what is under way; an hour is longer than any listener should take.
const STALE = "interval '1 hour'";

const mapOf = ({ schema }: At, v2: boolean): SourceMap => {
  const failed = v2
    ? "t.status = 'FAILED' or (t.status is null and t.completion_date is null)"
    : `t.completion_date is null and t.publication_date < now() - ${STALE}`;
  const common = {
    from: `${schema}event_publication t`,
    id: "t.id",
    type: "regexp_replace(t.event_type, '.*[.$]', '')",
    payload: "t.serialized_event",
    occurred: "t.publication_date",
  };
  return {
    dead_letters: {
      ...common,
      parked: failed,
      done: v2 ? "t.completion_date is not null or t.status = 'COMPLETED'" : "t.completion_date is not null",
      absent: "done",
      consumer: "t.listener_id",
      ...(v2 ? { attempts: "t.completion_attempts", parked_at: "t.last_resubmission_date" } : {}),
    },
    outbox: {
      ...common,
      published: "t.completion_date",
      pending: `t.completion_date is null and not coalesce(${failed}, false)`,
      absent: "done",
      ...(v2 ? { attempts: "t.completion_attempts" } : {}),
    },
  };
};

const variant = (name: string, v2: boolean, archive: boolean): Variant => ({
  name,
  needs: [
    { table: "event_publication", has: [...COLUMNS, ...(v2 ? V2 : [])], without: v2 ? [] : ["status"] },
    ...(archive ? [{ table: "event_publication_archive", has: COLUMNS }] : []),
  ],
  map: (at) => mapOf(at, v2),
  grants: (at) => grantsOn(at, { read: ["event_publication"] }),
});

export const springModulith: Preset = {
  name: "spring-modulith",
  title: "Spring Modulith",
  schema: "public",
  variants: [
    variant("v2 with archive", true, true),
    variant("v2", true, false),
    variant("v1 with archive", false, true),
    variant("v1", false, false),
  ],
  hazards: [
    "Rows from the times of version 1 have no status: version 2 reports them as failed and can never resubmit them, until their status is set to FAILED.",
    "A crash leaves publications in PROCESSING for ever, unless the staleness monitor is on for all three states.",
  ],
  unseen: [
    "Spring Modulith stores no error: why a listener failed stands in the service's log.",
    "Spring Modulith records the last attempt, and not when a publication failed.",
    "Spring Modulith records no business key of its own: say key: under dead_letters, such as t.serialized_event $.orderId.",
  ],
  application:
    "FailedEventPublications.resubmit (in version 1 IncompleteEventPublications.resubmitIncompletePublications) with a filter on the publication's identifier",
  beat: null,
  derived: { dead_letters: ["parked_at"] },
};
