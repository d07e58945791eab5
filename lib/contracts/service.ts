import { selectToldChannels } from "../channels/sql";
import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import { days } from "../time";
import { writeApplied } from "./applied";
import { type Configuration, type Contract, mayApply, type Problem, reportLiveMs } from "./rules";
import * as store from "./sql";
import * as read from "./sql-read";
import type { ContractTab } from "./views";
import { noZone } from "./words";

/** applied: in force from now on. unchanged: it was already. differs: another live worker holds what is in force, and this worker's files are others. */
export type Application = {
  outcome: "applied" | "unchanged" | "differs";
  changed: { zoneId: string; revision: number }[];
  retired: string[];
};

/** Puts a worker's files in force, unless another live worker's are: those stay, and the difference is reported. The same files again change nothing. */
export async function applyConfiguration(
  ctx: Ctx,
  configuration: Configuration,
  warnings: Problem[] = [],
  /** What else comes into force with it, in the same transaction: a worker killed between the two would leave them apart. */
  together: (tx: Db) => Promise<void> = async () => {},
): Promise<Application> {
  const workerId = workerOf(ctx);
  const { contentHash, environment, links } = configuration;
  return ctx.db.transaction(async (tx) => {
    await store.lockConfiguration(tx);
    const applied = await store.selectApplied(tx);
    const reports = await store.selectReports(tx);
    await store.upsertReport(tx, { workerId, contentHash, ok: true, problems: warnings, at: ctx.now });
    await store.deleteReports(tx, { before: ctx.now - days(1) });
    if (applied?.contentHash !== contentHash && !mayApply(workerId, applied?.contentHash ?? null, reports, ctx.now))
      return { outcome: "differs", changed: [], retired: [] };

    const result = await putInForce(tx, ctx, configuration, warnings, workerId);
    if (applied?.contentHash === contentHash) return { outcome: "unchanged", ...result };
    await store.replaceZoneEvents(
      tx,
      configuration.contracts.map((text) => text.contract),
    );
    await store.upsertApplied(tx, { environment, links, contentHash, at: ctx.now, workerId });
    await writeApplied(tx, ctx, configuration);
    await together(tx);
    return { outcome: "applied", ...result };
  });
}

async function putInForce(tx: Db, ctx: Ctx, configuration: Configuration, warnings: Problem[], workerId: string) {
  const changed: Application["changed"] = [];
  for (const [position, text] of configuration.contracts.entries()) {
    const { zoneId, title } = text.contract;
    const revision = await store.ensureRevision(tx, text, ctx.now, workerId);
    const own = warnings.filter((warning) => warning.file === text.file);
    if (!(await store.placeZone(tx, { zoneId, title, revision, position, warnings: own }))) continue;
    await store.insertApplication(tx, zoneId, revision, ctx.now, workerId);
    changed.push({ zoneId, revision });
  }
  const zoneIds = configuration.contracts.map((text) => text.contract.zoneId);
  const retired = await store.retireOthers(tx, zoneIds, ctx.now);
  for (const zoneId of retired) await store.insertApplication(tx, zoneId, null, ctx.now, workerId);
  return { changed, retired };
}

/** Reports that a worker's files are broken; what is in force stays. */
export async function reportBrokenConfiguration(ctx: Ctx, problems: Problem[]): Promise<void> {
  await store.upsertReport(ctx.db, { workerId: workerOf(ctx), contentHash: null, ok: false, problems, at: ctx.now });
}

/** Takes a worker's report away when it ends, so that the next one with newer files need not wait for its silence. */
export async function withdrawConfigurationReport(ctx: Ctx): Promise<void> {
  await store.deleteReports(ctx.db, { workerId: workerOf(ctx) });
}

/** The contracts in force, for the worker and for screens that have checked who asks. */
export const readContracts = (db: Db) => read.selectContracts(db);

/** The environment's name, and when its configuration came into force; null before the first time. */
export const readApplied = (db: Db) => store.selectApplied(db);

/** The addresses of other tools in force, with places for values. */
export const readLinks = (db: Db) => store.selectLinks(db);

/** What a schema says is for validation; a screen names its file. */
function withoutSchemas(contract: Contract): Contract {
  const events = contract.semantics.events.map(({ payloadSchema: _, ...event }) => event);
  return { ...contract, semantics: { ...contract.semantics, events } };
}

/** A zone's contract with its text, its warnings, its revisions and when each of them was applied. */
export async function readContractTab(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ContractTab> {
  const zone = canRead(ctx.actor, zoneId) ? await read.selectZoneContract(ctx.db, zoneId) : null;
  if (!zone) throw noZone();
  const [revisions, applications, channels] = await Promise.all([
    read.selectRevisions(ctx.db, zoneId),
    read.selectApplications(ctx.db, zoneId),
    selectToldChannels(ctx.db),
  ]);
  return { now: ctx.now, ...zone, contract: withoutSchemas(zone.contract), revisions, applications, channels };
}

/** The text of one revision, to be compared with another. */
export async function readContractRevision(
  ctx: Ctx,
  { zoneId, revision }: { zoneId: string; revision: number },
): Promise<{ revision: number; yaml: string }> {
  const yaml = canRead(ctx.actor, zoneId) ? await read.selectRevisionText(ctx.db, zoneId, revision) : null;
  if (yaml === null) throw new Refusal("not_found", "This zone has no such revision.");
  return { revision, yaml };
}

/** What each worker's files are: broken, or other than what is in force, and whether the worker still speaks. */
export async function readConfigurationReports(ctx: Ctx) {
  const [applied, reports] = await Promise.all([store.selectApplied(ctx.db), store.selectReports(ctx.db)]);
  return reports.map((report) => ({
    ...report,
    differs: report.contentHash !== null && report.contentHash !== applied?.contentHash,
    live: ctx.now - report.at <= reportLiveMs,
  }));
}

function workerOf(ctx: Ctx): string {
  if (ctx.actor.kind !== "worker") throw new Refusal("forbidden", "Only a worker applies configuration; change the files.");
  return ctx.actor.workerId;
}
