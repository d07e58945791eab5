import { readFileSync } from "node:fs";
import path from "node:path";
import type { WatchedEstate } from "../../demo/kit/watched.testing";
import type { Contract, RuleSide } from "../contracts/rules";
import { minutes, seconds } from "../time";
import type { ZoneView } from "./views";

/** docs/figures.md, with the statement behind each figure. */
export const page = readFileSync(path.join(import.meta.dirname, "../../docs/figures.md"), "utf8");
/** A statement of docs/figures.md by the name in its first line. */
function statement(name: string): string {
  const found = new RegExp(`\`\`\`sql\\n-- ${name}\\n([^\`]*)\`\`\``).exec(page);
  if (!found) throw new Error(`docs/figures.md has no statement called ${name}.`);
  return found[1]!;
}

/** The service behind each source of the estate. */
export const services: Record<string, string> = {
  orders: "order-service",
  payments: "payment-service",
  inventory: "inventory-service",
  notifications: "notification-service",
  profiles: "profile-service",
  ledger: "ledger-service",
};
export const sources = Object.keys(services);

type Row = Record<string, unknown> & { key: string; event: string; consumer: string; message: string; since: Date };
const ask = (watched: WatchedEstate, sourceId: string, name: string) =>
  watched.estate.rows<Row>(services[sourceId]!, statement(name));
/** What a statement of the page finds, over all services. */
export const everywhere = async (watched: WatchedEstate, name: string): Promise<(Row & { sourceId: string })[]> =>
  (
    await Promise.all(sources.map(async (sourceId) => (await ask(watched, sourceId, name)).map((row) => ({ ...row, sourceId }))))
  ).flat();

/** Everything that a zone's figures count, over the services' databases. */
export async function truth(watched: WatchedEstate, { zoneId, semantics, recovery, expectation }: Contract) {
  const of = (row: { event: string; consumer?: string }) =>
    semantics.events.some(
      (event) => event.eventType === row.event && (row.consumer === undefined || event.to.includes(row.consumer)),
    );
  const [sent, done, held, parked, sagas, ended, processed, copies] = await Promise.all(
    ["sent", "done", "held", "parked", "sagas", "compensations", "processing", "copies"].map((name) => everywhere(watched, name)),
  );
  const facts: { key: string; since: number }[] = [];
  const fact = ({ key, since }: Row) => facts.push({ key, since: since.getTime() });
  const causes = new Map<string, Set<string>>();
  const cause = (id: string, key: string) => causes.set(id, (causes.get(id) ?? new Set()).add(key));
  const judgedAt = await judgedOf(watched, zoneId);
  const waits = (id: string, row: Row) => {
    fact(row);
    if (judgedAt - row.since.getTime() > Math.min(seconds(10), expectation.windowMs / 5)) cause(id, row.key);
  };
  const sourceOf = (consumer: string) => sources.find((sourceId) => services[sourceId] === consumer);
  const explained = new Set([...held!, ...parked!].map(({ consumer, message }) => `${consumer} ${message}`));
  const isDone = new Set(done!.map(({ consumer, message }) => `${consumer} ${message}`));
  const publishing: number[] = [];
  for (const row of sent!) {
    const event = semantics.events.find(({ eventType, from }) => eventType === row.event && from === row.sourceId);
    if (!event) continue;
    if (row.unpublished) waits(`unpublished-${row.sourceId}-`, row);
    else publishing.push(row.publish_ms as number);
    for (const consumer of event.to) {
      if (isDone.has(`${consumer} ${row.message}`)) continue;
      if (row.unpublished || explained.has(`${consumer} ${row.message}`)) fact(row);
      else waits(`undelivered-${sourceOf(consumer)}-${consumer}`, row);
    }
  }
  for (const row of held!.filter(of)) waits(`held-${row.sourceId}-${row.consumer}`, row);
  for (const row of parked!.filter(of)) {
    fact(row);
    cause(`parked-${row.consumer}-${row.event}-${row.error}`, row.key);
  }
  const types = recovery.sagas.map(({ sagaType }) => sagaType);
  const own = sagas!.filter(({ type }) => types.includes(type as string));
  for (const saga of own) if (saga.unresolved) fact(saga);
  const otherwise = new Set(facts.map(({ key }) => key));
  const diverged = (rule: string, key: string) => otherwise.has(key) || cause(`divergence-${rule}`, key);
  const divergences = { missing: 0, unexpected: 0, mismatch: 0, duplicate: 0 };
  for (const rule of recovery.reconciliation) {
    const [authority, projection] = await Promise.all([side(watched, rule.authority), side(watched, rule.projection)]);
    for (const [key, left] of authority) {
      const right = projection.get(key);
      const differs = (column: string) =>
        Math.abs(Number(left[column]) - Number(right![rule.map[column]!])) > (rule.tolerance[column] ?? 0) ||
        (Number.isNaN(Number(left[column])) && String(left[column]) !== String(right![rule.map[column]!]));
      if (right && !rule.authority.columns.some(differs)) continue;
      divergences[right ? "mismatch" : "missing"]++;
      fact(left);
      diverged(rule.rule, key);
    }
    for (const key of projection.keys()) {
      if (authority.has(key)) continue;
      divergences.unexpected++;
      diverged(rule.rule, key);
      // Since when only Accord knows: this mix has it open for longer by another fact.
      facts.push({ key, since: Number.POSITIVE_INFINITY });
    }
  }
  const now = Date.now();
  const oldest = new Map<string, number>();
  for (const { key, since } of facts) oldest.set(key, Math.min(oldest.get(key) ?? Number.POSITIVE_INFINITY, since));
  const parkedKeys = new Set(parked!.filter(of).map(({ key }) => key));
  // Its key will not converge in time, and nobody holds what then begins.
  const isDue = ({ state, key, deadline_at: deadline, hold_until: hold }: (typeof own)[number]) =>
    state === "running" &&
    Number(deadline) >= judgedAt &&
    Number(deadline) < judgedAt + expectation.windowMs &&
    (hold === null || Number(hold) < Number(deadline)) &&
    (parkedKeys.has(key) || (oldest.get(key) ?? judgedAt) < judgedAt - expectation.windowMs * expectation.atRisk);
  const undoing = new Map<string, { wrongN: number; heldN: number }>();
  for (const saga of own) {
    const id = `saga-${saga.type}-${saga.step ?? ""}`;
    const { wrongN, heldN } = undoing.get(id) ?? { wrongN: 0, heldN: 0 };
    undoing.set(id, {
      wrongN: wrongN + Number(saga.stuck || saga.wrong || isDue(saga)),
      heldN: heldN + Number(Number(saga.hold_until) > judgedAt && ["running", "compensating"].includes(saga.state as string)),
    });
  }
  const ages = [...oldest.values()].map((since) => now - since);
  const sum = (rows: Row[], state: string) =>
    rows.filter((row) => types.includes(row.type as string) && row.state === state).reduce((all, { n }) => all + Number(n), 0);
  const mine = processed!.filter(of);
  const [case_] = (
    await watched.store.pool.query("select count(*)::int as n from case_file where zone_id = $1 and resolved_at is null", [
      zoneId,
    ])
  ).rows;
  return {
    judgedAt,
    row: {
      keysN: oldest.size,
      parkedN: parked!.filter(of).length,
      divergencesN: Object.values(divergences).reduce((sum, n) => sum + n, 0),
      casesN: case_.n as number,
      sagasStuckN: own.filter(({ stuck }) => stuck).length,
      compensatingN: own.filter(({ compensating }) => compensating).length,
      compensations: { ok: sum(ended!, "done"), failed: sum(ended!, "failed") },
      lastHour: {
        duplicatesDropped: copies!.filter((row) => of(row) && row.what === "dropped").length,
        duplicatesApplied: copies!.filter((row) => of(row) && row.what === "applied").length,
        staleSkipped: mine.filter(({ outcome }) => outcome === "stale").length,
      },
      oldest: oldest.size === 0 ? null : (([key, since]) => ({ key, since }))([...oldest].sort((a, b) => a[1] - b[1])[0]!),
    },
    ages: {
      past: ages.filter((age) => age > expectation.windowMs).length,
      passing: ages.filter((age) => age <= expectation.windowMs && age > expectation.windowMs - minutes(1)).length,
      inside: ages.filter((age) => age <= expectation.windowMs - minutes(1)).length,
    },
    divergences,
    causes: Object.fromEntries([
      ...[...causes].map(([id, keys]) => [id, keys.size] as const),
      ...[...undoing].map(([id, { wrongN, heldN }]) => [id, Math.max(wrongN, heldN)] as const).filter(([, n]) => n > 0),
    ]) as Record<string, number>,
    publishing,
    processing: mine.map(({ ms }) => Math.max(0, ms as number)),
  };
}

async function judgedOf(watched: WatchedEstate, zoneId: string): Promise<number> {
  const found = await watched.store.pool.query("select judged_at from zone_status where zone_id = $1", [zoneId]);
  return new Date(found.rows[0].judged_at).getTime();
}

/** The causes of a zone whose keys are counted by statement, as `truth` names them. */
export async function shownCauses(watched: WatchedEstate, causes: ZoneView["causes"]): Promise<Record<string, number>> {
  const { rows } = await watched.store.pool.query(
    "select 'parked-' || group_id as id, concat_ws('-', 'parked', consumer, event_type, error_type) as name from dead_letter_group",
  );
  const names = new Map<string, string>(rows.map(({ id, name }) => [id, name]));
  const counted = ["parked", "held", "unpublished", "undelivered", "divergence", "saga", "compensation"];
  return Object.fromEntries(
    causes.filter(({ kind }) => counted.includes(kind)).map(({ id, keysN }) => [names.get(id) ?? id, keysN]),
  );
}

/** The rows of one side of a rule by their key. */
async function side(
  watched: WatchedEstate,
  { sourceId, relation, key, columns, changedAt }: RuleSide,
): Promise<Map<string, Row>> {
  const sql = statement("relation")
    .replace("{key}", key)
    .replace("{changed_at}", changedAt ?? "null")
    .replace("{columns}", columns.join(", "))
    .replace("{relation}", relation);
  return new Map((await watched.estate.rows<Row>(services[sourceId]!, sql)).map((row) => [row.key, row]));
}
