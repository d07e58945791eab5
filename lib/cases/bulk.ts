import type { Ctx } from "../context";
import { can, canRead } from "../permissions";
import { Refusal } from "../refusal";
import { type BulkAsked, whyLeftOut } from "./bulk.rules";
import type { BulkInput, BulkPreviewInput } from "./input";
import { acknowledgeCase, assignCase, resolveCase, snoozeCase } from "./service";
import { selectCasesOf } from "./sql";
import { selectStandsOf } from "./standing.sql";
import { type CaseAnswer, noCase } from "./step";
import type { BulkAnswer, BulkPreview } from "./views";

/** What would become of each of several cases: done, or left as it is and why. Changes nothing. */
export async function previewBulk(ctx: Ctx, { cases, asked }: BulkPreviewInput): Promise<BulkPreview> {
  const [found, stands] = await Promise.all([selectCasesOf(ctx.db, cases), selectStandsOf(ctx.db, cases, ctx.now)]);
  const whyNot = (caseId: number): { title: string; why: string | null } => {
    const one = found.find((each) => each.caseId === caseId);
    if (!one || !canRead(ctx.actor, one.zoneId)) return { title: "", why: noCase(caseId).message };
    const allowed = can(ctx.actor, `case.${asked.act}`, [one.zoneId]);
    const standing = stands.find((each) => each.caseId === caseId)?.stands ?? null;
    return { title: one.title, why: allowed.ok ? whyLeftOut({ ...one, stands: standing }, asked, ctx.now) : allowed.reason };
  };
  return { now: ctx.now, cases: cases.map((caseId) => ({ caseId: String(caseId), ...whyNot(caseId) })) };
}

/**
 * Does the same with several cases, one after the other: each is allowed, changed and audited on its own, as if it were asked for alone, and
 * what may not be done with one leaves the others as they would be. Sent again under its key it goes on where it ended. Refused when none could be done.
 */
export async function actOnCases(ctx: Ctx, { cases, asked, reason, key }: BulkInput): Promise<BulkAnswer> {
  const done: string[] = [];
  const refused: { caseId: string; why: string }[] = [];
  let first: Refusal | null = null;
  for (const caseId of cases)
    try {
      done.push((await actOn(ctx, { caseId, key: `${key}:${caseId}` }, asked, reason)).caseId);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      first ??= error;
      refused.push({ caseId: String(caseId), why: error.message });
    }
  if (done.length === 0 && first !== null) throw first;
  return { done, refused };
}

function actOn(ctx: Ctx, one: { caseId: number; key: string }, asked: BulkAsked, reason: string): Promise<CaseAnswer> {
  switch (asked.act) {
    case "assign":
      return assignCase(ctx, { ...one, to: asked.to, from: null });
    case "acknowledge":
      return acknowledgeCase(ctx, one);
    case "snooze":
      return snoozeCase(ctx, { ...one, until: asked.until });
    case "resolve":
      return resolveCase(ctx, { ...one, resolution: asked.resolution, reason, until: null });
  }
}
