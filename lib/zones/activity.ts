import { listAudit } from "../audit/service";
import type { AuditRow } from "../audit/views";
import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { canRead } from "../permissions";
import { selectDeploysBefore } from "../sources/sql";
import { type Place, pageAfter } from "../timeline/rules";
import type { KeyEntry } from "../timeline/views";
import type { Verdict } from "../verdicts/rules";
import { verdictPast } from "./happened-words";
import { consumersOf } from "./marks";
import { type ChangeRow, selectChangesBefore } from "./sql";
import type { ZoneActivityView } from "./views";

const PAGE = 50;
// Of each kind as many as a page and some that share the last instant of the page before.
const MOST = 100;

/** What happened in a zone, newest first: what people did or were refused, how operations ended, changes of verdict, and deploys. */
export async function readZoneActivity(
  ctx: Ctx,
  { zoneId, before }: { zoneId: string; before: Place | null },
): Promise<ZoneActivityView> {
  const contract = canRead(ctx.actor, zoneId) ? (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId) : undefined;
  if (!contract) throw noZone();
  // The place is in milliseconds, and what happened within the same one is settled by its id.
  const until = before === null ? ctx.now + 1 : Math.floor(before.at) + 1;
  const [audit, changes, deploys] = await Promise.all([
    listAudit(ctx, { zone: zoneId, until, limit: MOST }),
    selectChangesBefore(ctx.db, zoneId, until, MOST),
    consumersOf(ctx, [zoneId]).then((consumers) => selectDeploysBefore(ctx.db, [...consumers], until, MOST)),
  ]);
  const entries: KeyEntry[] = [
    ...audit.entries.map(auditEntry),
    ...changes.map(changeEntry),
    ...deploys.map(
      ({ consumer, version, at, kind }): KeyEntry => ({
        id: `deploy:${consumer}:${version}:${at}`,
        at,
        service: consumer,
        kind: "deploy",
        tone: kind === "rollback" ? "risk" : "plain",
        text: kind === "rollback" ? `rolled back to ${version}` : `${version} deployed`,
        note: null,
        href: null,
      }),
    ),
  ].map((entry) => ({ ...entry, id: entry.id.replaceAll(/\s/g, "_").slice(0, 120) }));
  const { page, older } = pageAfter(entries, before, PAGE);
  return { now: ctx.now, title: contract.title, entries: page, older: older && `${older.at}-${older.id}` };
}

const verdictTone: Record<Verdict, KeyEntry["tone"]> = {
  breached: "breach",
  at_risk: "risk",
  unknown: "plain",
  converging: "plain",
  healthy: "ok",
};

const changeEntry = ({ at, verdict, oldestKey }: ChangeRow): KeyEntry => ({
  id: `verdict:${at}:${verdict}`,
  at,
  service: "Accord",
  kind: "verdict",
  tone: verdictTone[verdict],
  text: verdictPast[verdict],
  note: oldestKey && `oldest ${oldestKey}`,
  href: oldestKey && `/keys/${encodeURIComponent(oldestKey)}`,
});

const auditEntry = (entry: AuditRow): KeyEntry => ({
  id: `audit:${entry.id}`,
  at: entry.at,
  service: entry.actorName,
  kind: entry.result === "result" ? "outcome" : "person",
  tone: entry.result === "denied" ? "risk" : entry.result === "result" ? "plain" : "accent",
  text: `${entry.result === "denied" ? "was refused to " : ""}${entry.words}${entry.result === "result" ? ", ended" : ""}: ${entry.targetText}`,
  note: entry.reason,
  href: entry.href,
});
