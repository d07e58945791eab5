import { readdirSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { log } from "@/app/_server/log";
import { misfit } from "@/app/_server/openapi/route";
import { apiRoutes } from "@/app/_server/openapi/routes";
import { Browser, ORIGIN, openServer } from "@/app/_server/testing";
import { contractText } from "@/lib/contracts/testing";
import { firstRow, rows } from "@/lib/db/rows";
import type { TestStore } from "@/lib/db/testing";
import { makeOperator, TEST_PASSWORD } from "@/lib/operators/testing";

type Handler = (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Method = "GET" | "POST";
/** What a person who may only look is told: the action that is written down as denied, or why it is open to them. `raw`: the answer is no value; `stream`: it does not end, or is a file. */
type Case = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  denied?: string;
  open?: string;
  raw?: true;
  stream?: true;
};

const ids = {
  group: "1",
  message: "1",
  operation: "1001",
  approval: "1",
  case: "101",
  operator: "",
  session: "",
  saga: "5e0d0c1a-0000-4000-8000-000000000001",
  hold: "1",
  notification: "6f1c7c1e-0000-4000-8000-000000000001",
  forecast: "1",
};
const reason = { reason: "the fix is out" };
const ofSaga = () => ({ selection: { sagas: [{ sourceId: "orders", sagaId: ids.saga }] } });
const selection = { selection: { groups: ["1"] } };

/** Every route under api/v1, by its file; a new one without a line here fails. */
const cases: Record<string, Partial<Record<Method, () => Case>>> = {
  alerts: { GET: () => ({}) },
  "alerts/[alertId]": { GET: () => ({ params: { alertId: "1" } }) },
  "alerts/[alertId]/acknowledge": { POST: () => ({ params: { alertId: "1" }, denied: "alert.acknowledge" }) },
  "alerts/bell": { GET: () => ({}) },
  "alerts/paged": { GET: () => ({}) },
  "alerts/replay": { GET: () => ({ query: { zone: "order-commitment", when: "parked > 3" } }) },
  "alerts/silences": {
    POST: () => ({ body: { zoneId: "order-commitment", endsAt: Date.now() + 3_600_000, ...reason }, denied: "alert.silence" }),
  },
  "alerts/silences/[silenceId]/end": { POST: () => ({ params: { silenceId: "1" }, denied: "alert.silence" }) },
  approvals: { GET: () => ({}) },
  "approvals/[approvalId]": { GET: () => ({ params: { approvalId: ids.approval } }) },
  "approvals/[approvalId]/approve": { POST: () => ({ params: { approvalId: ids.approval }, denied: "approval.approve" }) },
  "approvals/[approvalId]/refuse": {
    POST: () => ({
      params: { approvalId: ids.approval },
      body: { reason: "nobody has looked at these yet" },
      denied: "approval.refuse",
    }),
  },
  "approvals/[approvalId]/withdraw": { POST: () => ({ params: { approvalId: ids.approval }, denied: "approval.withdraw" }) },
  audit: { GET: () => ({}) },
  cases: {
    GET: () => ({}),
    POST: () => ({ body: { zoneId: "order-commitment", title: "Something is wrong" }, denied: "case.open" }),
  },
  "cases/bulk": { POST: () => ({ body: { cases: [ids.case], act: "acknowledge" }, denied: "case.acknowledge" }) },
  "cases/bulk/preview": {
    POST: () => ({
      body: { cases: [ids.case], act: "acknowledge" },
      open: "it only asks, with more than an address holds",
    }),
  },
  "cases/[caseId]": { GET: () => ({ params: { caseId: ids.case } }) },
  "cases/[caseId]/acknowledge": { POST: () => ({ params: { caseId: ids.case }, denied: "case.acknowledge" }) },
  "cases/[caseId]/assign": {
    POST: () => ({ params: { caseId: ids.case }, body: { to: ids.operator }, denied: "case.assign" }),
  },
  "cases/[caseId]/comment": { POST: () => ({ params: { caseId: ids.case }, body: { text: "seen" }, denied: "case.comment" }) },
  "cases/[caseId]/snooze": { POST: () => ({ params: { caseId: ids.case }, body: { until: null }, denied: "case.snooze" }) },
  "cases/[caseId]/tick": { POST: () => ({ params: { caseId: ids.case }, body: { step: 1, done: true }, denied: "case.tick" }) },
  "cases/[caseId]/resolve": {
    POST: () => ({ params: { caseId: ids.case }, body: { resolution: "converged", ...reason }, denied: "case.resolve" }),
  },
  "cases/[caseId]/reopen": { POST: () => ({ params: { caseId: ids.case }, body: reason, denied: "case.reopen" }) },
  "audit/export": { POST: () => ({ body: {}, open: "it hands out what everybody may read, and writes that down" }) },
  channels: { GET: () => ({}) },
  "channels/[channel]/rejoin": {
    POST: () => ({ params: { channel: "chat" }, body: { reader: "a@shop.example" }, denied: "digest.rejoin" }),
  },
  "channels/[channel]/test": { POST: () => ({ params: { channel: "chat" }, denied: "channel.test" }) },
  "channels/trouble": { GET: () => ({}) },
  "dead-letters/export": {
    POST: () => ({ body: {}, open: "it hands out what everybody may read, and writes that down" }),
  },
  "dead-letters/views": {
    GET: () => ({}),
    POST: () => ({ body: { name: "Ours", search: "q=zone:sales", shared: true }, denied: "view.share" }),
  },
  "dead-letters/views/[viewId]/remove": {
    POST: () => ({ params: { viewId: "none" }, open: "one's own views" }),
  },
  "dead-letters/facets": { GET: () => ({}) },
  "dead-letters/forecasts/[forecastId]": { GET: () => ({ params: { forecastId: ids.forecast } }) },
  "dead-letters/grouped": { GET: () => ({ query: { by: "consumer" } }) },
  "dead-letters/groups": { GET: () => ({}) },
  "dead-letters/groups/[groupId]": { GET: () => ({ params: { groupId: ids.group } }) },
  "dead-letters/groups/[groupId]/readiness": { GET: () => ({ params: { groupId: ids.group } }) },
  "dead-letters/groups/[groupId]/messages": { GET: () => ({ params: { groupId: ids.group } }) },
  "dead-letters/messages": { GET: () => ({}) },
  "dead-letters/groups/[groupId]/assign": {
    POST: () => ({ params: { groupId: ids.group }, body: { to: ids.operator }, denied: "group.assign" }),
  },
  "dead-letters/groups/[groupId]/note": {
    POST: () => ({ params: { groupId: ids.group }, body: { text: "seen" }, denied: "group.note" }),
  },
  "dead-letters/groups/[groupId]/state": {
    POST: () => ({ params: { groupId: ids.group }, body: { from: 0, state: "investigating" }, denied: "group.state" }),
  },
  "dead-letters/groups/[groupId]/ticket": {
    POST: () => ({ params: { groupId: ids.group }, body: { ticket: "OPS-1" }, denied: "group.ticket" }),
  },
  "dead-letters/groups/[groupId]/merge": {
    POST: () => ({ params: { groupId: ids.group }, body: { groups: [ids.group] }, denied: "group.merge" }),
  },
  "dead-letters/groups/[groupId]/split": {
    GET: () => ({ params: { groupId: ids.group }, query: { version: "1.0" } }),
    POST: () => ({ params: { groupId: ids.group }, body: { version: "1.0" }, denied: "group.split" }),
  },
  "dead-letters/groups/[groupId]/undo": {
    POST: () => ({ params: { groupId: ids.group }, body: { routeId: "1" }, denied: "group.undo" }),
  },
  "dead-letters/messages/[id]": { GET: () => ({ params: { id: ids.message } }) },
  "dead-letters/edit": {
    POST: () => ({
      body: { ...selection, ...reason, patch: '[{"op":"add","path":"/seen","value":true}]' },
      denied: "dead_letter.edit",
    }),
  },
  "dead-letters/edit/preview": {
    POST: () => ({ body: { ...selection, patch: "[]" }, open: "it only asks, with more than an address holds" }),
  },
  "dead-letters/messages/[id]/payload": { GET: () => ({ params: { id: ids.message } }) },
  "dead-letters/messages/[id]/reveal": {
    POST: () => ({ params: { id: ids.message }, body: { ...reason }, denied: "dead_letter.reveal" }),
  },
  "dead-letters/preview": { POST: () => ({ body: selection, open: "it only asks, with more than an address holds" }) },
  "dead-letters/retry": { POST: () => ({ body: { ...selection, ...reason }, denied: "dead_letter.retry" }) },
  "dead-letters/discard": {
    POST: () => ({ body: { ...selection, ...reason, code: "not_needed" }, denied: "dead_letter.discard" }),
  },
  "dead-letters/resolve": {
    POST: () => ({
      body: { ...selection, ...reason, code: "done_by_hand", evidence: "PAY-7" },
      denied: "dead_letter.resolve",
    }),
  },
  "dead-letters/take-back": { POST: () => ({ body: { messages: [ids.message], ...reason }, denied: "dead_letter.take_back" }) },
  deploys: { POST: () => ({ body: { consumer: "payment-service", version: "2.41.0" }, denied: "deploy.mark" }) },
  find: { GET: () => ({ query: { text: "ORD-1" } }) },
  keys: { GET: () => ({ query: { key: "ORD-1" } }) },
  events: { GET: () => ({ stream: true }) },
  discovery: { GET: () => ({}), POST: () => ({ body: { variables: ["ORDERS_DATABASE_URL"] }, denied: "source.discover" }) },
  divergences: { GET: () => ({}) },
  "divergences/[divergenceId]": { GET: () => ({ params: { divergenceId: "1" } }) },
  "divergences/[divergenceId]/recheck": {
    POST: () => ({ params: { divergenceId: "1" }, denied: "divergence.recheck" }),
  },
  "divergences/rules": { GET: () => ({}) },
  "divergences/rules/[zoneId]/[rule]/run": {
    POST: () => ({ params: { zoneId: "order-commitment", rule: "payment-agrees" }, denied: "rule.run" }),
  },
  me: { GET: () => ({}) },
  "me/password": {
    POST: () => ({ body: { current: "wrong", next: "another long password" }, open: "one's own password" }),
  },
  "me/second-factor": { POST: () => ({ body: { password: "wrong" }, open: "one's own second factor" }) },
  "me/second-factor/confirm": { POST: () => ({ body: { code: "123456" }, open: "one's own second factor" }) },
  "me/second-factor/remove": {
    POST: () => ({ body: { password: "wrong", code: "123456" }, open: "one's own second factor" }),
  },
  "openapi.json": { GET: () => ({ raw: true }) },
  notifications: { GET: () => ({}) },
  "notifications/[notificationId]": { GET: () => ({ params: { notificationId: ids.notification } }) },
  "notifications/[notificationId]/retry": {
    POST: () => ({ params: { notificationId: ids.notification }, denied: "notification.retry" }),
  },
  operations: { GET: () => ({}) },
  "operations/[operationId]": { GET: () => ({ params: { operationId: ids.operation } }) },
  "operations/[operationId]/proof": { GET: () => ({ params: { operationId: ids.operation } }) },
  "operations/[operationId]/edited": { GET: () => ({ params: { operationId: ids.operation } }) },
  "operations/[operationId]/items": { GET: () => ({ params: { operationId: ids.operation } }) },
  "operations/[operationId]/pause": { POST: () => ({ params: { operationId: ids.operation }, denied: "operation.pause" }) },
  "operations/[operationId]/resume": { POST: () => ({ params: { operationId: ids.operation }, denied: "operation.resume" }) },
  "operations/[operationId]/cancel": { POST: () => ({ params: { operationId: ids.operation }, denied: "operation.cancel" }) },
  "operations/[operationId]/continue": {
    POST: () => ({ params: { operationId: ids.operation }, denied: "operation.continue" }),
  },
  "operations/[operationId]/change": {
    POST: () => ({ params: { operationId: ids.operation }, body: { perSecond: 5 }, denied: "operation.change" }),
  },
  "operations/[operationId]/undo": { POST: () => ({ params: { operationId: ids.operation }, denied: "operation.undo" }) },
  "operations/[operationId]/retry-failed": {
    POST: () => ({
      params: { operationId: ids.operation },
      body: { reason: "the fix is deployed now" },
      denied: "dead_letter.retry",
    }),
  },
  operators: {
    GET: () => ({}),
    POST: () => ({ body: { email: "new@example.test", name: "New", role: "viewer" }, denied: "operator.invite" }),
  },
  "operators/names": { GET: () => ({}) },
  "operators/[operatorId]": {
    GET: () => ({ params: { operatorId: ids.operator } }),
    POST: () => ({ params: { operatorId: ids.operator }, body: { role: "viewer" }, denied: "operator.change" }),
  },
  "operators/[operatorId]/password": {
    POST: () => ({ params: { operatorId: ids.operator }, denied: "operator.reset_password" }),
  },
  "operators/[operatorId]/second-factor/remove": {
    POST: () => ({ params: { operatorId: ids.operator }, denied: "second_factor.remove_other" }),
  },
  "operators/[operatorId]/sessions": { GET: () => ({ params: { operatorId: ids.operator } }) },
  "operators/[operatorId]/sessions/revoke": {
    POST: () => ({ params: { operatorId: ids.operator }, denied: "session.revoke" }),
  },
  "sessions/[sessionId]/revoke": { POST: () => ({ params: { sessionId: ids.session }, denied: "session.revoke" }) },
  sagas: { GET: () => ({}) },
  "sagas/success": { GET: () => ({}) },
  "sagas/preview": { POST: () => ({ body: ofSaga(), open: "it only asks, with more than an address holds" }) },
  "sagas/hold": { POST: () => ({ body: { ...ofSaga(), ...reason, minutes: 15 }, denied: "saga.hold" }) },
  "sagas/release": { POST: () => ({ body: { ...ofSaga(), ...reason }, denied: "saga.release" }) },
  "saga-holds/[holdId]": { GET: () => ({ params: { holdId: ids.hold } }) },
  "sagas/[sourceId]/[sagaId]": { GET: () => ({ params: { sourceId: "orders", sagaId: ids.saga } }) },
  sources: { GET: () => ({}) },
  "sources/[sourceId]": { GET: () => ({ params: { sourceId: "orders" } }) },
  "sources/[sourceId]/lag": { GET: () => ({ params: { sourceId: "orders" } }) },
  "sources/[sourceId]/check": { GET: () => ({ params: { sourceId: "orders" } }) },
  promises: { GET: () => ({}) },
  "promises/csv": { GET: () => ({ stream: true }) },
  waiting: { GET: () => ({}) },
  zones: { GET: () => ({}) },
  "zone-trends": { GET: () => ({}) },
  tokens: {
    GET: () => ({}),
    POST: () => ({
      body: { kind: "service", name: "deployer", role: "viewer", expiresInDays: 30 },
      denied: "token.create_service",
    }),
  },
  "tokens/[tokenId]/revoke": { POST: () => ({ params: { tokenId: ids.operator }, denied: "token.revoke_other" }) },
  "zones/[zoneId]": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/activity": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/charts": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/objective": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/undelivered/export": {
    POST: () => ({
      params: { zoneId: "order-commitment" },
      body: {},
      open: "it hands out what who sees the zone may read, and writes that down",
    }),
  },
  "zones/[zoneId]/keys": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/contract": { GET: () => ({ params: { zoneId: "order-commitment" } }) },
  "zones/[zoneId]/contract/revisions/[revision]": { GET: () => ({ params: { zoneId: "order-commitment", revision: "1" } }) },
};

function routesIn(folder: string): string[] {
  return readdirSync(path.join(import.meta.dirname, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return routesIn(name);
    return entry.name === "route.ts" ? [folder] : [];
  });
}
const onDisk = routesIn("");
const operations: { route: string; method: Method; handler: Handler }[] = [];
for (const route of onDisk) {
  const handlers = (await import(path.join(import.meta.dirname, route, "route.ts"))) as Record<string, Handler>;
  for (const [method, handler] of Object.entries(handlers)) operations.push({ route, method: method as Method, handler });
}
const named = (which: typeof operations) => which.map((one) => [`${one.method} ${one.route}`, one] as const);
const posts = named(operations.filter(({ method }) => method === "POST"));
const gets = named(operations.filter(({ method }) => method === "GET"));

const answersOf = ({ route, method }: { route: string; method: Method }) =>
  apiRoutes.find((one) => one.path === route && one.method === method)?.answers ?? null;

let store: TestStore;
let admin: Browser;
let viewer: Browser;
/** An administrator whose password somebody else has seen. */
const newcomers: Browser[] = [];

beforeAll(async () => {
  store = await openServer();
  const now = Date.now();
  const anna = await makeOperator(store.db, now, { role: "administrator", name: "Anna" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const other = await makeOperator(store.db, now, { role: "operator", name: "Omar" });
  Object.assign(ids, { operator: other.id, session: other.actor.sessionId });
  // Two, since the attempts of one are written down sixty times a minute.
  for (const name of ["Nina", "Nora"]) {
    const early = await makeOperator(store.db, now, { role: "administrator", name });
    await store.db.execute(sql`update operator set password_once = true where id = ${early.id}::uuid`);
    newcomers.push(new Browser());
    await newcomers.at(-1)!.signIn(early.email, TEST_PASSWORD);
  }
  [admin, viewer] = [new Browser(), new Browser()];
  await admin.signIn(anna.email, TEST_PASSWORD);
  await viewer.signIn(vera.email, TEST_PASSWORD);
  await estate(other.id);
  await store.db.execute(
    sql`insert into forecast (selection, asked_by, asked_at, last_letter) values ('{"messages": [], "groups": [1], "asOf": null}', ${anna.id}, now(), 0)`,
  );
});
afterAll(() => store.close());

/** A zone, a group with one message, and an operation on it: enough for every address to have an answer. */
async function estate(operatorId: string): Promise<void> {
  const { loadConfiguration } = await import("@/lib/contracts/files");
  const { accordText, environment, testFiles } = await import("@/lib/contracts/testing");
  const { applyConfiguration } = await import("@/lib/contracts/service");
  const files = await testFiles({ "accord.yaml": accordText, "contracts/a.yaml": contractText });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  await applyConfiguration({ db: store.db, actor: { kind: "worker", workerId: "w" }, now: Date.now() }, loaded.configuration);
  await store.db.execute(sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, open_n, total_n, first_at, last_at)
    values ('f', 'orders', 'payment-service', 'OrderSubmitted', 'Error', 'it broke', '{order-commitment}', 1, 1, now(), now())`);
  await store.db.execute(
    sql`insert into source (source_id, service, preset, consumers, act, observe_every_ms, position) values ('orders', 'order-service', 'native', '{}', true, 2000, 0)`,
  );
  await store.db.execute(sql`insert into source_status (source_id) values ('orders')`);
  await store.db.execute(
    sql`insert into channel (name, position, settings) values ('chat', 1, '{"name": "chat", "kind": "slack", "heartbeat": false, "perMinute": 30, "timeoutMs": 10000, "allow": [], "target": "hooks.example"}')`,
  );
  await store.db.execute(
    sql`insert into notification (notification_id, channel, subject, n, zone_id, kind, urgent, content, state, created_at, next_at) values (${ids.notification}::uuid, 'chat', 'alert 1', 1, 'order-commitment', 'raised', true, '{"title": "It broke"}', 'dead', now(), now())`,
  );
  const found = [{ check: "standby", state: "ok", sentence: "This is the primary, not a standby.", todo: null }];
  await store.db.execute(sql`insert into source_check values ('orders', now(), ${JSON.stringify(found)}::jsonb)`);
  await store.db.execute(
    sql`insert into reconciliation_rule (zone_id, rule, next_run_at) values ('order-commitment', 'payment-agrees', now())`,
  );
  await store.db.execute(sql`insert into divergence (zone_id, rule, business_key, key, kind, state, since, first_seen_at, last_seen_at, fields, seen_n, due_at, history)
    values ('order-commitment', 'payment-agrees', 'ORD-1', 'ORD-1', 'missing', 'open', now(), now(), now(), '[]', 2, now(), '[]')`);
  await store.db.execute(sql`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select 'orders', 1, group_id, gen_random_uuid(), 'ORD-1', '1.0', now(), now(), now(), 'parked', 5, now() from dead_letter_group`);
  await store.db.execute(
    sql`insert into dead_letter_body (id, error_message, error_stack, attempt_log, payload, payload_bytes) select id, 'it broke', '', '[]', '{}', 2 from dead_letter`,
  );
  await store.db.execute(sql`insert into operation (kind, state, requested_by, requested_by_name, requested_at, reason, title, scope, zones, consumers, items_n, keys_n)
    values ('retry', 'running', ${operatorId}::uuid, 'Omar', now(), 'the fix is out', 'Retry', '1 group', '{order-commitment}', '{payment-service}', 0, 0)`);
  await store.db.execute(
    sql`insert into operation_edit select operation_id, '[{"op":"add","path":"/seen","value":true}]' from operation`,
  );
  await store.db.execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, step, started_at, deadline_at)
    values ('orders', ${ids.saga}::uuid, 'order-commitment', 'order-commitment', 'ORD-1', 'running', 'reserve-stock', now(), now() - interval '1 minute')`);
  await store.db.execute(
    sql`insert into alert (zone_id, condition, severity, state, since, raised_at, notify) values ('order-commitment', 'parked > 3', 'page', 'raised', now(), now(), '{}')`,
  );
  await store.db.execute(
    sql`insert into silence (kind, zone_id, starts_at, ends_at, reason, by_name, created_at) values ('silence', 'order-commitment', now(), now() + interval '1 hour', 'the warehouse moves', 'Jo', now())`,
  );
  await store.db.execute(sql`insert into case_file (zone_id, cause_kind, cause_ref, title, facts, opened_at, opened_by_name, due_at)
    values ('order-commitment', 'manual', 'it is odd', 'It is odd', '{"kind": "manual"}', now(), 'Omar', now() + interval '1 hour')`);
  await store.db.execute(sql`insert into approval (subject_kind, subject_id, action, zones, needed_n, requested_by, requested_by_name, requested_at, expires_at, summary, detail, state)
    values ('operation', 1001, 'dead_letter.discard', '{order-commitment}', 1, ${operatorId}::uuid, 'Omar', now(), now() + interval '1 day', 'Discard', '{}', 'waiting')`);
  await store.db.execute(sql`insert into saga_hold (kind, requested_by, requested_by_name, requested_at, reason, until, zones, sagas_n)
    values ('hold', ${operatorId}::uuid, 'Omar', now(), 'the fix is out', now(), '{order-commitment}', 0)`);
  const at = await firstRow<{ groupId: number; id: number; operationId: number }>(
    store.db,
    sql`select (select group_id from dead_letter_group) as "groupId", (select id from dead_letter) as id, (select operation_id from operation) as "operationId"`,
  );
  Object.assign(ids, { group: String(at!.groupId), message: String(at!.id), operation: String(at!.operationId) });
  selection.selection.groups = [ids.group];
}

const own = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": "press-1" };
function ask(
  operation: { route: string; method: Method; handler: Handler },
  browser: Browser,
  over: { headers?: Record<string, string>; params?: Record<string, string>; body?: unknown; query?: string } = {},
): Promise<Response> {
  const { params = {}, query = {}, body } = cases[operation.route]![operation.method]!();
  const where = over.params ?? params;
  const asked = over.query ?? (Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "");
  const address = `/api/v1/${operation.route.replace(/\[(\w+)\]/g, (_, name) => encodeURIComponent(where[name] ?? "1"))}${asked}`;
  const request =
    operation.method === "POST"
      ? browser.request(address, { method: "POST", headers: over.headers ?? own, body: JSON.stringify(over.body ?? body ?? {}) })
      : browser.request(address);
  return operation.handler(request, { params: Promise.resolve(where) });
}

/** How the whole store stands, but for when a session was last seen. */
async function standing(): Promise<unknown> {
  const tables = await rows<{ name: string }>(
    store.db,
    sql`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'session' and has_table_privilege(c.oid, 'select') order by 1`,
  );
  const each = tables.map(
    ({ name }) =>
      sql`select ${name} as name, (select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from ${sql.raw(name)} t) as state`,
  );
  return rows(store.db, sql.join(each, sql` union all `));
}

test("every route on disk has its line here, and every line its route", () => {
  expect(onDisk.length).toBeGreaterThan(25);
  expect(operations.map((operation) => `${operation.method} ${operation.route}`).sort()).toEqual(
    Object.entries(cases)
      .flatMap(([route, methods]) => Object.keys(methods).map((method) => `${method} ${route}`))
      .sort(),
  );
});

test.each(named(operations))("%s is closed to strangers", async (_name, operation) => {
  const before = await standing();
  const response = await ask(operation, new Browser());
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ refusal: { kind: "unauthenticated" } });
  expect(await standing()).toEqual(before);
});

const early = ["GET me", "POST me/password"];
test.each(named(operations).filter(([name]) => !early.includes(name)))(
  "S7: %s is closed to who has yet to choose a password of their own, and an attempt to change something is written down",
  async (_name, operation) => {
    const before = await countDenied();
    const response = await ask(operation, newcomers[operations.indexOf(operation) % 2]!);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      refusal: { message: expect.stringContaining("Choose a password of your own") },
    });
    // Once a minute for the same one.
    expect((await countDenied()) - before).toBe(operation.method === "POST" ? 1 : 0);
  },
);

test("S7: who has yet to choose a password of their own learns who they are, and may choose it", async () => {
  const me = operations.find(({ route, method }) => route === "me" && method === "GET")!;
  expect(await (await ask(me, newcomers[0]!)).json()).toMatchObject({ value: { actor: { mustChangePassword: true } } });
  const change = operations.find(({ route }) => route === "me/password")!;
  expect((await ask(change, newcomers[0]!)).status).not.toBe(403);
});

test("S15: where a second factor is required, who signed in by password alone may nothing but set one up", async () => {
  const fay = await makeOperator(store.db, Date.now(), { role: "administrator", name: "Fay" });
  const alone = new Browser();
  await alone.signIn(fay.email, TEST_PASSWORD);
  process.env.ACCORD_SECOND_FACTOR = "required";
  try {
    const open = ["GET me", "POST me/password", "POST me/second-factor", "POST me/second-factor/confirm"];
    const answers = await Promise.all(
      operations.map(async (operation) => {
        const response = await ask(operation, alone);
        const body = response.status === 403 ? JSON.stringify(await response.json()) : "";
        return body.includes("Set up a second factor first") ? [] : [`${operation.method} ${operation.route}`];
      }),
    );
    expect(answers.flat().sort()).toEqual(open);
  } finally {
    delete process.env.ACCORD_SECOND_FACTOR;
  }
});

const countDenied = async () =>
  (await firstRow<{ n: number }>(
    store.db,
    sql`select count(*)::int as n from audit_entry where action = 'operator.act_early' and result = 'denied'`,
  ))!.n;

test.each(gets)("%s answers a person, and changes nothing", async (_name, operation) => {
  const before = await standing();
  const response = await ask(operation, admin);
  expect([response.status, response.headers.get("cache-control")?.split(",")[0]]).toEqual([200, "no-store"]);
  if (cases[operation.route]!.GET!().stream) return void (await response.body!.cancel());
  const json: unknown = await response.json();
  expect(json).toHaveProperty(cases[operation.route]!.GET!().raw ? "openapi" : "value");
  const answers = answersOf(operation);
  if (answers) expect(misfit(answers, json)).toBeNull();
  expect(await standing()).toEqual(before);
});

test.each(posts)("%s is refused when another site sends it, though an administrator is signed in", async (_name, operation) => {
  const before = await standing();
  for (const headers of [
    { ...own, origin: "https://evil.example" },
    { ...own, "sec-fetch-site": "cross-site" },
    { "content-type": "application/json", "idempotency-key": "k" },
  ])
    expect((await ask(operation, admin, { headers })).status).toBe(403);
  expect(await standing()).toEqual(before);
});

test.each(posts)("%s is refused without a key, or with one that is none", async (_name, operation) => {
  const before = await standing();
  const { "idempotency-key": _, ...without } = own;
  for (const headers of [
    without,
    { ...without, "idempotency-key": "two words" },
    { ...without, "idempotency-key": "k".repeat(201) },
  ]) {
    const response = await ask(operation, admin, { headers });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain("Idempotency-Key");
  }
  expect(await standing()).toEqual(before);
});

test.each(posts)("%s by a viewer changes nothing, and the attempt is written down", async (_name, operation) => {
  const { denied, open } = cases[operation.route]!.POST!();
  const before = (await standing()) as { name: string }[];
  const entries = () =>
    rows<{ action: string; result: string }>(
      store.db,
      sql`select action, result from audit_entry where actor_name = 'Vera' order by id`,
    );
  const known = (await entries()).length;
  const response = await ask(operation, viewer);
  // What a viewer may do is on record, and known by its key.
  const written = open ? /^(audit_entry|sign_in_throttle|idempotency_key)/ : /^(audit_entry|sign_in_throttle)/;
  const others = (states: { name: string }[]) => states.filter(({ name }) => !written.test(name));
  expect(others((await standing()) as { name: string }[])).toEqual(others(before));
  if (open) return void expect([200, 400, 409]).toContain(response.status);
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    refusal: { kind: "forbidden", message: expect.stringMatching(/^You are a viewer; .*\.$/) },
  });
  // A second attempt within the minute is the same entry.
  const added = (await entries()).slice(known);
  expect(added.length).toBeLessThanOrEqual(1);
  expect(await entries()).toContainEqual({ action: denied, result: "denied" });
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    "\u0000",
    "0",
    "-1",
    "9".repeat(15),
    "9".repeat(40),
    "999999999-999999999999999",
    "-99999999999999-1",
    "1e9",
    "7d",
    "99999d",
    "none",
    "__proto__",
    "done",
    "a,b",
    "uncertain",
  ),
);
const names = [
  "zone",
  "-zone",
  "consumer",
  "-version",
  "key",
  "text",
  "q",
  "last",
  "after",
  "state",
  "type",
  "step",
  "span",
  "outcome",
  "range",
  "limit",
  "since",
  "until",
  "before",
  "targetId",
  "action",
];

test.each(gets)("%s never fails, whatever its address says", async (_name, operation) => {
  const { params = {} } = cases[operation.route]!.GET!();
  const query = fc.array(fc.tuple(fc.constantFrom(...names), hostile), { maxLength: 5 });
  const route = fc.option(hostile, { nil: null });
  await fc.assert(
    fc.asyncProperty(query, route, async (pairs, odd) => {
      const where = odd === null ? params : Object.fromEntries(Object.keys(params).map((name) => [name, odd]));
      const response = await ask(operation, admin, { params: where, query: `?${new URLSearchParams(pairs)}` });
      await response.body?.cancel();
      expect([200, 400, 404]).toContain(response.status);
    }),
    { numRuns: 25 },
  );
});

const value = fc.oneof(hostile, fc.double(), fc.constantFrom(null, true, [], {}, ["\ud800"], 2 ** 53, -1), fc.jsonValue());
test.each(posts)("%s never fails, whatever its body says", async (_name, operation) => {
  const { body = {}, params = {} } = cases[operation.route]!.POST!();
  const fields = [
    "selection",
    "reason",
    "ticket",
    "email",
    "name",
    "role",
    "zones",
    "active",
    "current",
    "next",
    "kind",
    ...Object.keys(body),
  ];
  const odd = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 4 });
  const request = fc.record({
    selection: fc.record({ groups: fc.constantFrom(["999999999999999"], [ids.group]), asOf: value }),
    reason: value,
    ticket: value,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        odd,
        odd.map((one) => ({ ...body, ...one })),
        request,
      ),
      async (over) => {
        // As a viewer: nothing may come of it, and a fault would still show.
        const response = await ask(operation, viewer, { body: over, params });
        expect([200, 400, 403, 404, 409, 429]).toContain(response.status);
      },
    ),
    { numRuns: 15 },
  );
});

// Last, since what is done here changes what others would find.
test("what acts answer to an administrator is as declared, and a field too many is not", async () => {
  const done: string[] = [];
  for (const [name, operation] of posts.toSorted(([a], [b]) => a.localeCompare(b, "en"))) {
    const answers = answersOf(operation);
    const response = await ask(operation, admin, { headers: { ...own, "idempotency-key": `done ${name}`.replace(/\W/g, "-") } });
    if (!response.ok || answers === null) {
      await response.body?.cancel();
      continue;
    }
    const json = (await response.json()) as { value: object };
    expect(misfit(answers, json), name).toBeNull();
    expect(misfit(answers, { value: { ...json.value, more: 1 } }), name).toContain("more");
    done.push(name);
  }
  // The others are refused by now, since an act before them settled what they are about; the storm reaches them.
  expect(done.length).toBeGreaterThanOrEqual(15);
});

test("S1: with a store that takes no write, nothing that anybody sent stands in a log, whatever the database quotes", async () => {
  const canary = "canary-4111-1111-1111-1111@example.test";
  const printed: string[] = [];
  const prints = (...all: unknown[]) => void printed.push(...all.map((one) => inspect(one, { depth: null, showHidden: true })));
  const spies = [
    vi.spyOn(log, "error").mockImplementation(prints),
    vi.spyOn(log, "warn").mockImplementation(prints),
    vi.spyOn(console, "error").mockImplementation(prints),
  ];
  const owner = new pg.Client(store.ownerUrl);
  await owner.connect();
  await owner.query("alter table idempotency_key add constraint takes_none check (false) not valid");
  try {
    const failed: string[] = [];
    for (const [name, operation] of posts) {
      const { body = {} } = cases[operation.route]!.POST!();
      const said = { ...body, ...("reason" in body && { reason: canary }), ...("email" in body && { email: canary }) };
      const response = await ask(operation, admin, { body: said, headers: { ...own, "idempotency-key": canary } });
      if (response.status === 500) failed.push(name);
      expect(await response.text(), name).not.toContain("takes_none");
    }
    expect(failed.length).toBeGreaterThan(5);
    expect(printed.length).toBeGreaterThanOrEqual(failed.length);
    expect(printed.join("\n")).toContain("takes_none");
    expect(printed.join("\n")).not.toContain(canary);
  } finally {
    await owner.query("alter table idempotency_key drop constraint takes_none");
    await owner.end();
    for (const spy of spies) spy.mockRestore();
  }
});
