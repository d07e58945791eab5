import { grantsOn, type Preset, type Variant } from "./preset.rules";

const variant = (name: string, table: string, timestamp: boolean): Variant => ({
  name,
  needs: [{ table, has: ["id", "aggregatetype", "aggregateid", "type", "payload", ...(timestamp ? ["timestamp"] : [])] }],
  map: ({ schema }) => ({
    outbox: {
      from: `${schema}${table} t`,
      id: "t.id",
      type: "t.type",
      aggregate: "t.aggregatetype",
      key: "t.aggregateid",
      payload: "t.payload",
      ...(timestamp ? { occurred: "t.timestamp" } : {}),
    },
  }),
  grants: (at) => grantsOn(at, { read: [table] }),
});

export const debezium: Preset = {
  name: "debezium",
  title: "Debezium's outbox",
  schema: "public",
  variants: [
    variant("Quarkus", "outboxevent", true),
    variant("outbox with timestamp", "outbox", true),
    variant("outbox", "outbox", false),
  ],
  hazards: ["Rows are never changed: an UPDATE by anybody may stop the connector. A new event is published by inserting it."],
  unseen: [
    "Debezium never marks what was published: whether an event got through is seen at its consumers.",
    "Where rows are deleted in the transaction that wrote them, the table is always empty and no event is seen: keep them for some minutes.",
    "How far the connector is stands at its replication slot: the set-up list of the source tells it in bytes, and in time where the observer is a member of pg_monitor.",
    "An outbox without a column for its time shows when Accord first saw an event.",
  ],
  beat: null,
};
