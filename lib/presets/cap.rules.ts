import { grantsOn, type Preset } from "./preset.rules";

// What is no JSON was received unreadable: it has no headers, and its text is all there is.
const inContent = (path: string) => `case when t."Content" like '{%' then t."Content"::jsonb #>> '${path}' end`;
const local = (expression: string, timeZone: string) => `(${expression}) at time zone '${timeZone.replaceAll("'", "''")}'`;
/** FailedRetryCount of CAP, unless an application sets another: then `parked` and `retry` are to be mapped with it. */
const RETRIES = 50;

export const cap: Preset = {
  name: "cap",
  title: "CAP",
  schema: "cap",
  keyExample: `case when t."Content" like '{%' then t."Content"::jsonb #>> '{Value,orderId}' end`,
  variants: [
    {
      name: "v5 and later",
      needs: [
        { table: "received", has: ["Id", "Version", "Name", "Group", "Content", "Retries", "Added", "ExpiresAt", "StatusName"] },
        { table: "published", has: ["Id", "Version", "Name", "Content", "Retries", "Added", "ExpiresAt", "StatusName"] },
      ],
      map: ({ schema, timeZone }) => ({
        dead_letters: {
          from: `${schema}received t`,
          parked: `t."StatusName" = 'Failed' and t."Retries" >= ${RETRIES}`,
          done: `t."StatusName" = 'Succeeded'`,
          absent: "deleted by retention",
          id: `t."Id"`,
          message: `coalesce(${inContent("{Headers,cap-msg-id}")}, t."Id"::text)`,
          consumer: `coalesce(t."Group", 'unknown')`,
          type: `t."Name"`,
          payload: `case when t."Content" like '{%' then t."Content"::jsonb -> 'Value' else to_jsonb(t."Content") end`,
          headers: `case when t."Content" like '{%' then t."Content"::jsonb -> 'Headers' end`,
          error_type: `split_part(${inContent("{Headers,cap-exception}")}, '-->', 1)`,
          error: `split_part(${inContent("{Headers,cap-exception}")}, '-->', 2)`,
          attempts: `t."Retries"`,
          occurred: `t."Added"`,
          expires: `t."ExpiresAt"`,
          correlation: inContent("{Headers,cap-corr-id}"),
          retry: `update ${schema}received set "Retries" = 0, "ExpiresAt" = greatest("ExpiresAt", ${local("now()", timeZone)} + interval '7 days') where "Id" = :id and "StatusName" = 'Failed' and "Retries" >= ${RETRIES}`,
          discard: `delete from ${schema}received where "Id" = :id and "StatusName" = 'Failed' and "Retries" >= ${RETRIES}`,
          outcome: { applied: `t."StatusName" = 'Succeeded'`, failed: `t."StatusName" = 'Failed' and t."Retries" >= ${RETRIES}` },
        },
        outbox: {
          from: `${schema}published t`,
          id: `coalesce(${inContent("{Headers,cap-msg-id}")}, t."Id"::text)`,
          type: `t."Name"`,
          occurred: `t."Added"`,
          published: `case when t."StatusName" = 'Succeeded' then t."ExpiresAt" - interval '24 hours' end`,
          pending: `t."StatusName" not in ('Succeeded', 'Delayed', 'Queued')`,
          absent: "deleted by retention",
          attempts: `t."Retries"`,
        },
        inbox: {
          from: `${schema}received t where t."StatusName" = 'Succeeded'`,
          consumer: `coalesce(t."Group", 'unknown')`,
          id: `coalesce(${inContent("{Headers,cap-msg-id}")}, t."Id"::text)`,
          type: `t."Name"`,
          occurred: `t."Added"`,
          processed: `t."ExpiresAt" - interval '24 hours'`,
        },
      }),
      grants: (at) => {
        const { observer, actor } = grantsOn(at, {
          read: ["received", "published"],
          write: { received: ['"Retries"', '"ExpiresAt"'] },
        });
        return { observer, actor: [...actor, `grant delete on ${at.schema}received to ROLE`] };
      },
    },
  ],
  hazards: [
    "CAP deletes a failed message 15 days after it came; a retry keeps it for seven more days at least.",
    "CAP takes 200 messages at a time in no order: more than that which go on failing keep newer ones waiting.",
    "Only an instance with the same Version takes it up.",
  ],
  unseen: [
    "CAP does not record when a message was parked.",
    "CAP records an error's type and message within the message, and no stack; for handlers the type is nearly always SubscriberExecutionFailedException.",
    "CAP records no business key of its own: say key: under dead_letters.",
  ],
  beat: { words: "CAP's retry processor takes it within 60 s, once the message is four minutes old.", withinMs: 300_000 },
  derived: { outbox: ["published"], inbox: ["processed"] },
};
