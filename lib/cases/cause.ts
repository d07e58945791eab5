import type { Db } from "../db/pool";
import type { FieldDifference } from "../reconciliation/rules";
import { selectDivergence } from "../reconciliation/sql";
import type { Instant } from "../time";
import { code, counted, listed, moment, type Part, plain } from "../words";
import {
  countExplained,
  selectBulk,
  selectCaseKeys,
  selectGroupFacts,
  selectLatestDivergence,
  selectMissedFacts,
  selectSagaFacts,
} from "./read.sql";
import type { CaseFacts } from "./rules";
import type { StoredCase } from "./sql";
import type { CaseCause } from "./views";
import type { CauseNow, Sides } from "./words";

type Found = { now: CauseNow | null; view: CaseCause | null };
const KEYS_SHOWN = 20;
const nothing: Found = { now: null, view: null };

/** What a case's cause is now: for its sentence, and side by side or as facts for its page. */
export async function causeOf(db: Db, one: StoredCase, sides: Sides, now: Instant): Promise<Found> {
  switch (one.causeKind) {
    case "group":
      return groupOf(db, one, now);
    case "saga":
      return sagaOf(db, one, now);
    case "divergence":
      return one.facts.kind === "divergence" && one.facts.key === null
        ? keysOf(db, one, one.facts, sides, now)
        : differenceOf(db, await selectLatestDivergence(db, one), sides, now);
    case "missed":
      return missedOf(db, one, now);
    case "lag":
    case "mass":
      return manyOf(db, one, now);
    case "manual":
      return nothing;
  }
}

async function groupOf(db: Db, one: StoredCase, now: Instant): Promise<Found> {
  const found = await selectGroupFacts(db, Number(one.causeRef));
  if (!found) return nothing;
  const href = `/dead-letters/groups/${one.causeRef}`;
  return {
    now: { kind: "group", openN: found.openN, oldest: found.oldest },
    view: facts([
      ["Parked now", [{ text: counted(found.openN, "message"), href }]],
      ["Consumer", [code(found.consumer)]],
      ["Event", [code(found.eventType)]],
      ["Error", [code(`${found.errorType}: ${found.template}`)]],
      ...(found.oldest === null ? [] : [["Oldest from", [moment(found.oldest, now)]] as Row]),
      ["Last parked", [moment(found.lastAt, now)]],
    ]),
  };
}

async function sagaOf(db: Db, one: StoredCase, now: Instant): Promise<Found> {
  const found = await selectSagaFacts(db, one, now);
  if (!found || one.facts.kind !== "saga") return nothing;
  const { sagaType, step } = one.facts;
  return {
    now: { kind: "saga", n: found.n, failedN: found.failedN, oldestKey: found.oldestKey },
    view: facts([
      ["Saga", [code(sagaType)]],
      ["Step", [step === null ? plain("none yet") : code(step)]],
      ["Stuck now", [plain(found.n.toLocaleString("en-US"))]],
      ["Compensation failed", [plain(found.failedN.toLocaleString("en-US"))]],
      ["Compensation late", [plain(found.lateN.toLocaleString("en-US"))]],
      ...(found.oldest === null ? [] : [["Oldest from", [moment(found.oldest, now)]] as Row]),
      ...(found.oldestKey === null ? [] : [["Oldest key", [code(found.oldestKey)]] as Row]),
    ]),
  };
}

/** All keys of a rule and kind; of a single one both sides are shown. */
async function keysOf(
  db: Db,
  one: StoredCase,
  { rule, differs }: CaseFacts & { kind: "divergence" },
  sides: Sides,
  now: Instant,
): Promise<Found> {
  const { n, first } = await selectCaseKeys(db, one, KEYS_SHOWN);
  if (n === 0) return nothing;
  if (n === 1) return differenceOf(db, first[0]!.divergenceId, sides, now);
  const all = `/divergences?${new URLSearchParams({ zone: one.zoneId, rule, kind: differs })}`;
  const keys = first.flatMap(({ key, divergenceId }, i): Part[] => [
    ...(i === 0 ? [] : [plain(", ")]),
    { text: key, href: `/divergences/${divergenceId}`, code: true },
  ]);
  return {
    now: { kind: "keys", n },
    view: facts([
      ["Rule", [code(rule)]],
      ["Keys now", [{ text: n.toLocaleString("en-US"), href: all }]],
      ["The oldest", n > first.length ? [...keys, plain(` and ${(n - first.length).toLocaleString("en-US")} more`)] : keys],
      ["Since", [moment(first[0]!.since, now)]],
    ]),
  };
}

async function missedOf(db: Db, one: StoredCase, now: Instant): Promise<Found> {
  const found = await selectMissedFacts(db, one);
  if (!found) return nothing;
  return {
    now: { kind: "missed", eventsN: found.eventsN, keysN: found.keysN, oldest: found.oldest },
    view: facts([
      [
        "Messages to publish again",
        [
          {
            text: found.eventsN.toLocaleString("en-US"),
            href: `/zones/${encodeURIComponent(one.zoneId)}/keys?reason=undelivered`,
          },
        ],
      ],
      ["Events", found.eventTypes.flatMap((type, i): Part[] => [...(i === 0 ? [] : [plain(", ")]), code(type)])],
      ["Did not reach", [plain(listed(found.consumers))]],
      ["Oldest from", [moment(found.oldest, now)]],
      ["Oldest key", [code(found.oldestKey)]],
    ]),
  };
}

async function differenceOf(db: Db, id: number | null, sides: Sides, now: Instant): Promise<Found> {
  const found = id === null ? null : await selectDivergence(db, id);
  if (!found) return nothing;
  return {
    now: {
      kind: "divergence",
      differs: found.fields.filter((field) => field.differs).length,
      of: found.fields.length,
      versions: found.detail === "older" ? versionsOf(found.fields) : null,
      state: found.state,
    },
    view: {
      kind: "difference",
      divergenceId: String(found.divergenceId),
      rule: found.rule,
      key: found.key,
      differs: found.kind,
      settled: found.state === "resolved" || found.state === "accepted",
      detail: found.detail,
      authority: sides.right ?? "authority",
      projection: sides.wrong,
      checkedAt: found.lastSeenAt,
      asOf: now,
      fields: found.fields,
    },
  };
}

function versionsOf(fields: readonly FieldDifference[]): [string, string] | null {
  const field = fields.find(({ column, differs }) => column === "version" && differs);
  return typeof field?.authority === "string" && typeof field.projection === "string"
    ? [field.authority, field.projection]
    : null;
}

async function manyOf(db: Db, one: StoredCase, now: Instant): Promise<Found> {
  const rule = one.causeRef;
  const many = one.causeKind === "mass" || (one.facts.kind === "lag" && one.facts.behind !== undefined);
  const bulk = many ? await selectBulk(db, one.zoneId, rule) : null;
  const n = bulk ? bulk.n : one.causeKind === "lag" ? await countExplained(db, one) : 0;
  if (n === 0) return nothing;
  return {
    now: { kind: one.causeKind === "mass" ? "mass" : "lag", n },
    view: facts([
      ["Rule", [code(rule)]],
      ["Keys", [plain(n >= 10_000 ? "10,000+" : n.toLocaleString("en-US"))]],
      ...(bulk ? [["Stopped", [moment(bulk.since, now)]] as Row] : [["Explained by", [plain(one.causePart)]] as Row]),
    ]),
  };
}

type Row = [term: string, value: Part[]];
const facts = (rows: Row[]): CaseCause => ({ kind: "facts", rows: rows.map(([term, value]) => ({ term, value })) });
