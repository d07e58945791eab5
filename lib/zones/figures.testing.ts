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
  const [sent, done, held, parked, sagas, ended, processed, copies, delivered] = await Promise.all(
    ["sent", "done", "held", "parked", "sagas", "compensations", "processing", "copies", "delivered"].map((name) =>
      everywhere(watched, name),
    ),
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
  for (const { row, waitsAs } of owedOf(semantics, { sent: sent!, done: done!, explained: [...held!, ...parked!] }))
    if (waitsAs === null) fact(row);
    else waits(waitsAs, row);
  const publishing = sent!.filter((row) => !row.unpublished && fromOf(semantics, row)).map((row) => row.publish_ms as number);
  for (const row of held!.filter(of)) waits(`held-${row.sourceId}-${row.consumer}`, row);
  for (const row of parked!.filter(of)) {
    fact(row);
    cause(`parked-${row.consumer}-${row.event}-${row.error}`, row.key);
  }
  const types = recovery.sagas.map(({ sagaType }) => sagaType);
  const own = sagas!.filter(({ type }) => types.includes(type as string));
  for (const saga of own) if (saga.unresolved) fact(saga);
  const otherwise = new Set(facts.map(({ key }) => key));
  const divergences = { missing: 0, unexpected: 0, mismatch: 0, duplicate: 0 };
  for (const { kind, rule, key, since } of await divergingIn(watched, recovery.reconciliation)) {
    divergences[kind]++;
    facts.push({ key, since });
    if (!otherwise.has(key)) cause(`divergence-${rule}`, key);
  }
  const now = Date.now();
  const oldest = new Map<string, number>();
  for (const { key, since } of facts) oldest.set(key, Math.min(oldest.get(key) ?? Number.POSITIVE_INFINITY, since));
  const parkedKeys = new Set(parked!.filter(of).map(({ key }) => key));
  const atRiskMs = expectation.windowMs * expectation.atRisk;
  const isLate = (key: string) => parkedKeys.has(key) || (oldest.get(key) ?? judgedAt) < judgedAt - atRiskMs;
  const due = (saga: Row) => isDue(saga, judgedAt, expectation.windowMs) && isLate(saga.key);
  const undoing = undoingOf(own, judgedAt, due);
  const sum = (rows: Row[], state: string) =>
    rows.filter((row) => types.includes(row.type as string) && row.state === state).reduce((all, { n }) => all + Number(n), 0);
  const mine = processed!.filter(of);
  const [case_] = (
    await watched.store.pool.query("select count(*)::int as n from case_file where zone_id = $1 and resolved_at is null", [
      zoneId,
    ])
  ).rows;
  const [calling] = (
    await watched.store.pool.query(
      "select count(*)::int as n from alert where zone_id = $1 and state = 'raised' and inhibited_by is null",
      [zoneId],
    )
  ).rows;
  return {
    judgedAt,
    row: {
      keysN: oldest.size,
      objective: keptOf(semantics, { sent: sent!, delivered: delivered! }, { windowMs: expectation.windowMs, judgedAt }),
      parkedN: parked!.filter(of).length,
      divergencesN: Object.values(divergences).reduce((sum, n) => sum + n, 0),
      casesN: case_.n as number,
      alertsN: calling.n as number,
      sagasAskingN: own.filter((saga) => saga.stuck || saga.wrong || due(saga) || isHeld(saga, judgedAt)).length,
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
    ages: byAge(
      [...oldest.values()].map((since) => now - since),
      expectation.windowMs,
    ),
    divergences,
    causes: Object.fromEntries([
      ...[...causes].map(([id, keys]) => [id, keys.size] as const),
      ...[...undoing].map(([id, { wrongN, heldN }]) => [id, Math.max(wrongN, heldN)] as const).filter(([, n]) => n > 0),
    ]) as Record<string, number>,
    publishing,
    processing: mine.map(({ ms }) => Math.max(0, ms as number)),
  };
}

const fromOf = ({ events }: Contract["semantics"], row: Row & { sourceId: string }) =>
  events.find(({ eventType, from }) => eventType === row.event && from === row.sourceId);

/** What is not published yet, and what an obliged consumer has not processed; `waitsAs` null where another row says why. */
function owedOf(
  semantics: Contract["semantics"],
  { sent, done, explained }: { sent: (Row & { sourceId: string })[]; done: Row[]; explained: Row[] },
): { row: Row; waitsAs: string | null }[] {
  const idOf = (consumer: string, message: string) => `${consumer} ${message}`;
  const told = new Set(explained.map(({ consumer, message }) => idOf(consumer, message)));
  const processed = new Set(done.map(({ consumer, message }) => idOf(consumer, message)));
  const sourceOf = (consumer: string) => sources.find((sourceId) => services[sourceId] === consumer);
  return sent.flatMap((row) => {
    const event = fromOf(semantics, row);
    if (!event) return [];
    const owed = event.to.filter((consumer) => !processed.has(idOf(consumer, row.message)));
    return [
      ...(row.unpublished ? [{ row, waitsAs: `unpublished-${row.sourceId}-` }] : []),
      ...owed.map((consumer) => {
        const isSaid = row.unpublished || told.has(idOf(consumer, row.message));
        return { row, waitsAs: isSaid ? null : `undelivered-${sourceOf(consumer)}-${consumer}` };
      }),
    ];
  });
}

/** Of what consumers were obliged to process: what they did within the window, and what they did not though it has ended. */
function keptOf(
  semantics: Contract["semantics"],
  { sent, delivered }: { sent: (Row & { sourceId: string })[]; delivered: Row[] },
  { windowMs, judgedAt }: { windowMs: number; judgedAt: number },
): { keptN: number; missedN: number } {
  const at = new Map(delivered.map((row) => [`${row.consumer} ${row.message}`, (row.at as Date).getTime()]));
  const lags = sent.flatMap((row) =>
    (fromOf(semantics, row)?.to ?? []).map((consumer) => {
      const since = row.since.getTime();
      return { since, lag: (at.get(`${consumer} ${row.message}`) ?? Number.POSITIVE_INFINITY) - since };
    }),
  );
  const kept = lags.filter(({ lag }) => lag <= windowMs);
  return { keptN: kept.length, missedN: lags.filter((one) => one.lag > windowMs && one.since + windowMs < judgedAt).length };
}

const byAge = (ages: number[], windowMs: number) => ({
  past: ages.filter((age) => age > windowMs).length,
  passing: ages.filter((age) => age <= windowMs && age > windowMs - minutes(1)).length,
  inside: ages.filter((age) => age <= windowMs - minutes(1)).length,
});

type Differing = { kind: "missing" | "mismatch" | "unexpected"; rule: string; key: string; since: number };

/** What the relations of the rules do not say alike. Since when something is there that should not be only Accord knows: this mix has it open for longer by another fact. */
async function divergingIn(watched: WatchedEstate, rules: Contract["recovery"]["reconciliation"]): Promise<Differing[]> {
  const found: Differing[] = [];
  for (const { rule, authority, projection, map, tolerance } of rules) {
    const [owned, copied] = await Promise.all([side(watched, authority), side(watched, projection)]);
    for (const [key, left] of owned) {
      const right = copied.get(key);
      const differs = (column: string) =>
        Math.abs(Number(left[column]) - Number(right![map[column]!])) > Number(tolerance[column] ?? 0) ||
        (Number.isNaN(Number(left[column])) && String(left[column]) !== String(right![map[column]!]));
      if (right && !authority.columns.some(differs)) continue;
      found.push({ kind: right ? "mismatch" : "missing", rule, key, since: left.since.getTime() });
    }
    for (const key of copied.keys())
      if (!owned.has(key)) found.push({ kind: "unexpected", rule, key, since: Number.POSITIVE_INFINITY });
  }
  return found;
}

/** Whether it is undone within the window, and nobody holds what then begins. */
function isDue({ state, deadline_at: deadline, hold_until: hold }: Row, judgedAt: number, windowMs: number): boolean {
  if (state !== "running" || Number(deadline) < judgedAt || Number(deadline) >= judgedAt + windowMs) return false;
  return hold === null || Number(hold) < Number(deadline);
}

/** By type and step, how many sagas are not as they should be, and how many are held. */
function undoingOf(own: Row[], judgedAt: number, isDue: (saga: Row) => boolean): Map<string, { wrongN: number; heldN: number }> {
  const undoing = new Map<string, { wrongN: number; heldN: number }>();
  for (const saga of own) {
    const id = `saga-${saga.type}-${saga.step ?? ""}`;
    const { wrongN, heldN } = undoing.get(id) ?? { wrongN: 0, heldN: 0 };
    undoing.set(id, {
      wrongN: wrongN + Number(saga.stuck || saga.wrong || isDue(saga)),
      heldN: heldN + Number(isHeld(saga, judgedAt)),
    });
  }
  return undoing;
}

const isHeld = (saga: Row, at: number): boolean =>
  Number(saga.hold_until) > at && ["running", "compensating"].includes(saga.state as string);

async function judgedOf(watched: WatchedEstate, zoneId: string): Promise<number> {
  const found = await watched.store.pool.query("select judged_at from zone_status where zone_id = $1", [zoneId]);
  return new Date(found.rows[0].judged_at).getTime();
}

/** The causes of a zone whose keys are counted by statement, as `truth` names them. */
export async function shownCauses(watched: WatchedEstate, causes: ZoneView["causes"]): Promise<Record<string, number>> {
  const { rows } = await watched.store.pool.query(
    `select 'parked-' || group_id as id, concat_ws('-', 'parked', consumer, event_type, error_type) as name from dead_letter_group union all
     -- What one consumer alone went past without is what it has not processed.
     select 'missed-' || (m->>'sourceId'), concat_ws('-', 'undelivered', s.source_id, c.consumer) from zone_status z, jsonb_array_elements(z.causes->'missed') m,
       jsonb_array_elements_text(m->'consumers') c(consumer), source s where jsonb_array_length(m->'consumers') = 1 and c.consumer = any(s.consumers)`,
  );
  const names = new Map<string, string>(rows.map(({ id, name }) => [id, name]));
  const counted = ["parked", "missed", "held", "unpublished", "undelivered", "divergence", "saga", "compensation"];
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
