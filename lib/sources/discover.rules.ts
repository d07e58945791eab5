import { mapped } from "../presets/all.rules";
import { type Catalogue, holds, type Relation } from "../presets/catalogue.rules";
import type { Preset, Variant } from "../presets/preset.rules";

/** A framework whose tables stand in a schema; `variant` null: tables of its names, in a shape that no known version makes. */
export type FoundFramework = { preset: Preset; schema: string; variant: Variant | null; tables: string[] };

/** Frameworks of which every needed table is there, each schema once; and those of which only the names are. */
export function frameworksIn(catalogue: Catalogue): FoundFramework[] {
  const schemas = [...new Set(catalogue.map(({ schema }) => schema))];
  return schemas.flatMap((schema) =>
    mapped.flatMap((preset): FoundFramework[] => {
      const variant = preset.variants.find(({ needs }) => holds(catalogue, schema, needs));
      const tables = [
        ...new Set((variant ? [variant] : preset.variants).flatMap(({ needs }) => needs.map(({ table }) => table))),
      ];
      if (variant) return [{ preset, schema, variant, tables }];
      const present = tables.filter((table) => catalogue.some((one) => one.schema === schema && one.name === table));
      // A table called `outbox` or `job` is anybody's; names that only one framework gives are not.
      const own = present.filter((table) => !ANYBODYS.has(table));
      return own.length > 0 ? [{ preset, schema, variant: null, tables: own }] : [];
    }),
  );
}

const ANYBODYS = new Set(["outbox", "inbox", "job", "queue", "message", "error", "received", "published", "event_publication"]);

/** The native tables of a schema. */
export const isNative = (catalogue: Catalogue, schema: string): boolean =>
  holds(catalogue, schema, [
    { table: "outbox", has: ["position", "message_id", "written_by", "published_at"] },
    { table: "dead_letter", has: ["dead_letter_id", "consumer", "written_by"] },
  ]);

export type Kind = "outbox" | "inbox" | "dead_letters";
/** A table of nobody's framework that looks like one for messages. */
export type Shaped = {
  relation: Relation;
  kind: Kind;
  /** likely: its name and its columns say so; perhaps: its columns alone. */
  confidence: "likely" | "perhaps";
  reason: string;
  fields: Record<string, string>;
};

type Role =
  | "id"
  | "type"
  | "key"
  | "payload"
  | "created"
  | "done"
  | "attempts"
  | "error"
  | "status"
  | "consumer"
  | "parkedAt"
  | "headers";
const NAMES: Record<Role, RegExp> = {
  id: /^(id|message_?id|event_?id|uuid|msg_id)$/i,
  type: /^(event_?type|message_?type|type|kind|topic|event_?name|job_?class|task)$/i,
  key: /^(business_?key|aggregate_?id|entity_?id|key|routing_?key|order_?id|correlation_?key)$/i,
  payload: /^(payload|body|data|event_?data|content|message|value|args)$/i,
  created: /^(occurred_?at|created_?at|created_?on|created|inserted_?at|at|timestamp|enqueued_?at|received_?at)$/i,
  done: /^(published_?at|sent_?at|processed_?at|dispatched_?at|delivered_?at|handled_?at|completed_?at|consumed_?at|done_?at)$/i,
  attempts: /^(attempts?|retry_?count|retries|tries|delivery_?count|attempt_?no)$/i,
  error: /^(last_?error|error|error_?message|exception|failure_?reason|reason|error_?text)$/i,
  status: /^(status|state)$/i,
  consumer: /^(consumer|consumer_?id|queue|queue_?name|subscriber|listener|handler|consumer_?group)$/i,
  parkedAt: /^(parked_?at|failed_?at|dead_?at|abandoned_?at|discarded_?at|died_?at)$/i,
  headers: /^(headers|metadata|meta|attributes)$/i,
};
const TABLE: Record<Kind, RegExp> = {
  dead_letters: /dead|dlq|failed|failure|poison|parked|quarantine/i,
  inbox: /inbox|processed_|received_|handled|consumed|idempot|dedup/i,
  outbox: /outbox|outgoing|event_?queue|domain_?events?|integration_?events?|pending_?events?|messages?_out/i,
};

const rolesOf = ({ columns }: Relation): Partial<Record<Role, string>> =>
  Object.fromEntries(
    (Object.keys(NAMES) as Role[]).flatMap((role) => {
      const column = [...columns.keys()].find((name) => NAMES[role].test(name));
      return column === undefined ? [] : [[role, column]];
    }),
  );

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** What a status says of a letter that lies until a person acts, and of one that is done, among the values that were found; null where none does. */
export function statusWords(values: readonly string[]): { parked: string | null; done: string | null } {
  const one = (pattern: RegExp) => values.find((value) => pattern.test(value)) ?? null;
  return {
    parked: one(/fail|dead|park|error|abandon|discard|poison/i),
    done: one(/done|complete|process|succe|sent|publish|resolved/i),
  };
}

/** How a table looks that no framework claims; null where it looks like none for messages. `values` are those that its status was seen with. */
export function shapeOf(relation: Relation, values: readonly string[]): Shaped | null {
  const roles = rolesOf(relation);
  const named = (Object.keys(TABLE) as Kind[]).find((kind) => TABLE[kind].test(relation.name));
  const kind = kindOf(roles, named);
  if (kind === null || roles.id === undefined) return null;
  const t = (role: Role) => (roles[role] === undefined ? undefined : `t.${quoted(roles[role])}`);
  const type = t("type") ?? literal(relation.name);
  const common = {
    from: `${quoted(relation.schema)}.${quoted(relation.name)} t`,
    id: t("id"),
    type,
    key: t("key"),
    payload: t("payload"),
    headers: t("headers"),
  };
  const words = statusWords(values);
  const fields = {
    outbox: { ...common, occurred: t("created"), published: t("done"), attempts: t("attempts") },
    inbox: {
      from: common.from,
      consumer: t("consumer") ?? literal(relation.schema),
      id: common.id,
      type: t("type"),
      key: common.key,
      processed: t("done") ?? t("created"),
    },
    dead_letters: {
      ...common,
      parked: parkedOf(kind, roles, words, t),
      done: words.done === null || !roles.status ? undefined : `${t("status")}::text = ${literal(words.done)}`,
      consumer: t("consumer") ?? literal(relation.schema),
      error: t("error"),
      attempts: t("attempts"),
      occurred: t("created"),
      parked_at: t("parkedAt"),
    },
  }[kind];
  const columns = Object.values(roles).join(", ");
  return {
    relation,
    kind,
    confidence: named === kind ? "likely" : "perhaps",
    reason: named === kind ? `its name, and the columns ${columns}` : `the columns ${columns}`,
    fields: Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

function kindOf(roles: Partial<Record<Role, string>>, named: Kind | undefined): Kind | null {
  const has = (...wanted: Role[]) => wanted.every((role) => roles[role] !== undefined);
  if (named === "dead_letters" && (has("payload") || has("error"))) return "dead_letters";
  if (named === "inbox" && (has("consumer") || has("done") || has("created"))) return "inbox";
  if (named === "outbox" && has("payload")) return "outbox";
  if (has("payload", "error", "attempts") && (has("status") || has("parkedAt"))) return "dead_letters";
  if (has("type", "payload") && has("done")) return "outbox";
  return null;
}

function parkedOf(
  kind: Kind,
  roles: Partial<Record<Role, string>>,
  words: { parked: string | null },
  t: (role: Role) => string | undefined,
): string | undefined {
  if (kind !== "dead_letters") return undefined;
  if (roles.status && words.parked !== null) return `${t("status")}::text = ${literal(words.parked)}`;
  if (roles.status) return undefined;
  if (roles.done) return `${t("done")} is null`;
  return roles.parkedAt ? `${t("parkedAt")} is not null` : "true";
}

/** A business table: one column is its key, and others say something of it. */
export type Business = { relation: Relation; key: string; keyType: string; rows: number };

const ABOUT_ROW = /^(id|created_?at|updated_?at|changed_?at|version|row_?version|inserted_?at|modified_?at)$/i;
const CHANGED = /^(updated_?at|changed_?at|modified_?at)$/i;
const COPY = /view|copy|projection|read_?model|replica|cache|mirror/i;

/** Two tables that may be copies of each other: the same type of key, and columns of the same names beside those that every table has. */
export function maybeCopies(a: Business, b: Business): { shared: string[] } | null {
  if (a.keyType !== b.keyType) return null;
  const shared = [...a.relation.columns.keys()].filter(
    (name) => name !== a.key && name !== b.key && !ABOUT_ROW.test(name) && b.relation.columns.has(name),
  );
  const smaller = Math.min(a.relation.columns.size, b.relation.columns.size) - 1;
  return shared.length >= 1 && shared.length * 2 >= Math.max(1, smaller - 3) ? { shared } : null;
}

/** Which of two is the authority, as far as names tell: a view or a projection is none. */
export const copyFirst = (a: Business, b: Business): boolean =>
  COPY.test(b.relation.name) || (!COPY.test(a.relation.name) && a.rows >= b.rows);

/** The column that tells when a row was changed; null where none is called so. */
export const changedAtOf = ({ columns }: Relation): string | null =>
  [...columns.keys()].find((name) => CHANGED.test(name)) ?? null;
