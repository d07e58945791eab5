import { cell, type Export, endOf, exportTypes } from "../audit/export";
import { EXPORT_ROWS_MAX, type ExportFormat } from "../audit/rules";
import { auditedOnce } from "../audited";
import { actorId, type Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { writeJson } from "../json";
import { withinDepth } from "../masking";
import { canRead, zoneFilter } from "../permissions";
import { type FileBody, selectBodies, selectClosedBodies } from "./bodies.sql";
import { withinTime } from "./bounded.sql";
import { lettersOf, pageOf } from "./letters";
import { maskOf } from "./masked-letter.rules";
import { refuseMasked } from "./masked-paths";
import { printQuery } from "./query.rules";
import type { LetterExport, LetterFilter } from "./rules";
import { asMe } from "./triage/query.rules";
import type { LetterRow } from "./views";

// Each page is in memory with its payloads, and no other.
const PAGE = 200;

/**
 * Letters that match as a file, in the order of their list, masked as their page is: up to 100,000 of the zones of who asks. The last line
 * says whether that is all. Every export is an entry of the audit.
 */
export async function exportLetters(
  ctx: Ctx,
  { key, format, side, queries }: LetterExport,
  most = EXPORT_ROWS_MAX,
): Promise<Export> {
  await refuseMasked(ctx, queries);
  const query = queries.map(printQuery).join(" ");
  // Sent again it is the same file: ages count from when it was asked for first.
  const { value } = await auditedOnce(ctx, "dead_letter.export", { key, format, side, query }, async () => ({
    target: { kind: "dead_letters", id: side, zones: zoneFilter(ctx.actor) ?? [] },
    change: async () => ({ at: ctx.now }),
    entry: { detail: { format, query } },
  }));
  return {
    fileName: `accord-dead-letters-${side}-${new Date(ctx.now).toISOString().replace(/[:.]/g, "-")}.${format}`,
    contentType: exportTypes[format],
    chunks: chunksOf({ ...ctx, now: value.at }, { queries: asMe(queries, actorId(ctx.actor)), side, after: null }, format, most),
  };
}

/** Reads page after page, each on its own: a slow reader holds neither a connection nor a snapshot. */
async function* chunksOf(ctx: Ctx, filter: LetterFilter, format: ExportFormat, most: number): AsyncGenerator<string> {
  if (format === "csv") yield `${columns.map(([name]) => name).join(",")}\r\n`;
  for (let n = 0, after: LetterFilter["after"] = null; ; ) {
    const limit = Math.min(PAGE, most - n);
    const { stored } = await withinTime(ctx.db, (tx) => pageOf(tx, ctx, { ...filter, after }, limit + 1));
    const page = await lettersOf(ctx, stored.slice(0, limit));
    n += page.length;
    if (page.length > 0) yield (await linesOf(ctx, page, filter.side)).map((line) => lineOf(line, format)).join("");
    const last = stored[page.length - 1];
    if (!last || stored.length <= limit || n >= most)
      return yield endOf({ entries: n, complete: stored.length <= limit }, format, "messages");
    after = { at: last.place, id: last.id };
  }
}

type Line = { letter: LetterRow; zones: string[]; errorMessage: string; payload: unknown };

async function linesOf(ctx: Ctx, letters: readonly LetterRow[], side: LetterFilter["side"]): Promise<Line[]> {
  const ids = letters.map(({ id }) => Number(id));
  const [contracts, bodies] = await Promise.all([
    readContracts(ctx.db),
    side === "open" ? selectBodies(ctx.db, ids) : selectClosedBodies(ctx.db, ids),
  ]);
  const byId = new Map(bodies.map((body) => [String(body.id), body]));
  return letters.flatMap((letter) => {
    // Closed between the two looks: it is in the other list by now.
    const body: FileBody | undefined = byId.get(letter.id);
    if (!body) return [];
    const masked = contracts.filter(({ zoneId }) => body.zones.includes(zoneId)).flatMap(({ masking }) => masking);
    const { mask } = maskOf(body, masked);
    const zones = body.zones.filter((zone) => canRead(ctx.actor, zone));
    return [{ letter, zones, errorMessage: mask.text(body.errorMessage), payload: withinDepth(mask.payload) }];
  });
}

const isoOf = (at: number | null): string => (at === null || Number.isNaN(at) ? "" : new Date(at).toISOString());

const columns: [name: string, of: (line: Line) => unknown][] = [
  ["id", ({ letter }) => letter.id],
  ["group", ({ letter }) => letter.groupId],
  ["state", ({ letter }) => letter.state],
  ["zones", ({ zones }) => zones.join(" ")],
  ["consumer", ({ letter }) => letter.consumer],
  ["consumer_version", ({ letter }) => letter.consumerVersion ?? ""],
  ["event", ({ letter }) => letter.eventType],
  ["key", ({ letter }) => letter.businessKey ?? ""],
  ["message_id", ({ letter }) => letter.messageId],
  ["attempts", ({ letter }) => letter.attempts ?? ""],
  ["occurred_at", ({ letter }) => isoOf(letter.occurredAt)],
  ["parked_at", ({ letter }) => isoOf(letter.parkedAt)],
  ["closed_at", ({ letter }) => isoOf(letter.closedAt)],
  ["closed_by_operation", ({ letter }) => (letter.closedAt === null ? "" : (letter.operationId ?? ""))],
  ["code", ({ letter }) => letter.code ?? ""],
  ["error", ({ letter }) => letter.errorType],
  ["error_message", ({ errorMessage }) => errorMessage],
  ["payload", ({ payload }) => payload],
];

function lineOf(line: Line, format: ExportFormat): string {
  const values = columns.map(([name, of]): [string, unknown] => [name, of(line)]);
  if (format === "jsonl") return `${writeJson(Object.fromEntries(values))}\n`;
  const text = (value: unknown) => (typeof value === "string" ? value : writeJson(value ?? null));
  return `${values.map(([, value]) => cell(text(value))).join(",")}\r\n`;
}
