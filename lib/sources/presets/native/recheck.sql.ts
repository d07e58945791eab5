import type pg from "pg";
import type { LetterBody, OpenRefs, Rechecked } from "../../observable";
import { bySchema } from "./observe.sql";

const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
const isNumber = (id: string) => /^\d{1,18}$/.test(id);
const foreignTo = (ids: readonly string[], isOwn: (id: string) => boolean) => ids.filter((id) => !isOwn(id));

/** Asks by primary key what became of open ids: what was deleted, or changed in a way that no poll could see. */
export async function selectRechecked(client: pg.ClientBase, schema: string, open: OpenRefs): Promise<Rechecked> {
  // Under another preset the source gave ids of another form: none of these rows is here.
  const gone = {
    unpublished: foreignTo(open.unpublished, isUuid),
    deadLetters: foreignTo(open.deadLetters, isNumber),
    sagas: foreignTo(open.sagas, isUuid),
  };
  const refs = {
    unpublished: open.unpublished.filter(isUuid),
    deliveries: open.deliveries.filter(({ messageId }) => isUuid(messageId)),
    deadLetters: open.deadLetters.filter(isNumber),
    sagas: open.sagas.filter(isUuid),
  };
  const rows = async <T>(text: string, values: unknown[]): Promise<T[]> => {
    if ((values[0] as unknown[]).length === 0) return [];
    return (await client.query({ text: bySchema(text, schema), values })).rows as T[];
  };
  const published = await rows<{ id: string; gone: boolean }>(
    `select w.id::text as id, o.message_id is null as gone from unnest($1::uuid[]) w(id) left join S.outbox o on o.message_id = w.id where o.message_id is null or o.published_at is not null`,
    [refs.unpublished],
  );
  const processed = await rows<Rechecked["processed"][number]>(
    `select i.consumer, i.message_id::text as "messageId", (extract(epoch from i.processed_at) * 1000)::float8 as "processedAt"
       from unnest($1::text[], $2::uuid[]) w(consumer, id) join S.inbox i on i.consumer = w.consumer and i.message_id = w.id
     union select d.consumer, d.message_id::text, null::float8
       from unnest($1::text[], $2::uuid[]) w(consumer, id) join S.dead_letter d on d.consumer = w.consumer and d.message_id = w.id where d.state in ('resolved', 'discarded')`,
    [refs.deliveries.map((d) => d.consumer), refs.deliveries.map((d) => d.messageId)],
  );
  const deadLetters = await rows<Rechecked["deadLetters"][number]>(
    `select w.id::text as "sourceDeadLetterId", d.state from unnest($1::bigint[]) w(id) left join S.dead_letter d on d.dead_letter_id = w.id
      where d.state is null or d.state not in ('parked', 'redelivering')`,
    [refs.deadLetters],
  );
  const sagas = await rows<Rechecked["sagas"][number]>(
    `select w.id::text as "sagaId", s.state from unnest($1::uuid[]) w(id) left join S.saga s on s.saga_id = w.id where s.state is null or s.state in ('completed', 'compensated')`,
    [refs.sagas],
  );
  const unpublishedGone = published.filter((row) => row.gone).map(({ id }) => id);
  return {
    published: [...published.map(({ id }) => id), ...gone.unpublished],
    markedPublished: published.filter((row) => !row.gone).map(({ id }) => id),
    unpublishedGone: [...unpublishedGone, ...gone.unpublished],
    processed,
    deadLetters: [...deadLetters, ...gone.deadLetters.map((sourceDeadLetterId) => ({ sourceDeadLetterId, state: null }))],
    sagas: [...sagas, ...gone.sagas.map((sagaId) => ({ sagaId, state: null }))],
  };
}

const HEADERS_BYTES_MAX = 131_072;

/** One letter's payload and headers by primary key; a number that names another message since a restore names nothing. */
export async function selectBody(
  client: pg.ClientBase,
  schema: string,
  { sourceDeadLetterId, messageId, consumer }: { sourceDeadLetterId: string; messageId: string; consumer: string },
  bytesMax: number,
): Promise<LetterBody | null> {
  if (!isNumber(sourceDeadLetterId) || !isUuid(messageId)) return null;
  // Compressed it may be a small part of what it is as text: that is asked only of what can be little enough.
  const within = (column: string, most: string) =>
    `case when pg_column_size(${column}) <= ${most} and octet_length(${column}::text) <= ${most} then ${column}::text end`;
  const result = await client.query<LetterBody>({
    text: bySchema(
      `select ${within("payload", "$4::int")} as payload, ${within("headers", String(HEADERS_BYTES_MAX))} as headers,
         (case when pg_column_size(payload) <= $4::int then octet_length(payload::text) else pg_column_size(payload) end)::float8 as "payloadBytes"
       from S.dead_letter where dead_letter_id = $1::bigint and message_id = $2::uuid and consumer = $3`,
      schema,
    ),
    values: [sourceDeadLetterId, messageId, consumer, bytesMax],
  });
  return result.rows[0] ?? null;
}
