import { auditedOnce } from "../audited";
import type { Ctx } from "../context";
import {
  type AuditEntry,
  type AuditExport,
  type AuditNarrowing,
  type AuditPlace,
  asOf,
  EXPORT_ROWS_MAX,
  type ExportFormat,
} from "./rules";
import { inScope, readerOf } from "./service";
import { selectEntries } from "./sql";

/** A file that is written while it is read, a chunk of lines at a time. */
export type Export = { fileName: string; contentType: string; chunks: AsyncIterable<string> };

const PAGE = 1_000;
/** The content type of each format. */
export const exportTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/x-ndjson; charset=utf-8",
};

/**
 * The audit as a file, newest first: what the list shows to the same reader, as of now, up to 100,000 entries. The last line says
 * whether that is all. Every export is itself an entry.
 */
export async function exportAudit(ctx: Ctx, { key, format, ...narrowing }: AuditExport, most = EXPORT_ROWS_MAX): Promise<Export> {
  const range = { ...asOf(narrowing, ctx.now), until: Math.min(narrowing.until ?? ctx.now, ctx.now) };
  // Sent again it is the same file: up to when it was asked for first, which is what stands in its entry.
  const { value } = await auditedOnce(ctx, "audit.export", { key, format, ...narrowing }, async () => ({
    target: { kind: "audit", id: format, zones: [] },
    change: async () => range,
    entry: { detail: { ...range, format } },
  }));
  return {
    fileName: `accord-audit-${new Date(ctx.now).toISOString().replace(/[:.]/g, "-")}.${format}`,
    contentType: exportTypes[format],
    chunks: chunksOf(ctx, value, format, most),
  };
}

/** Reads page after page, each on its own: a slow reader holds neither a connection nor a snapshot. */
async function* chunksOf(ctx: Ctx, narrowing: AuditNarrowing, format: ExportFormat, most: number): AsyncGenerator<string> {
  if (format === "csv") yield `${columns.map(([name]) => name).join(",")}\r\n`;
  let before: AuditPlace | undefined;
  for (let n = 0; ; ) {
    const limit = Math.min(PAGE, most - n);
    const found = await selectEntries(ctx.db, { ...narrowing, before, limit: limit + 1 }, readerOf(ctx));
    const page = found.slice(0, limit).map((entry) => inScope(ctx, entry));
    n += page.length;
    if (page.length > 0) yield page.map((entry) => lineOf(entry, format)).join("");
    before = page.at(-1);
    if (found.length <= limit) return yield endOf({ entries: n, complete: true }, format);
    if (n >= most) return yield endOf({ entries: n, complete: false, goOnWith: isoOf(before!.at) }, format);
  }
}

const isoOf = (at: number): string => new Date(at).toISOString();

const columns: [name: string, of: (entry: AuditEntry) => string][] = [
  ["id", (entry) => String(entry.id)],
  ["time", (entry) => isoOf(entry.at)],
  ["result", (entry) => entry.result],
  ["who", (entry) => entry.actorName],
  ["who_kind", (entry) => entry.actorKind],
  ["operator_id", (entry) => entry.operatorId ?? ""],
  ["action", (entry) => entry.action],
  ["target_kind", (entry) => entry.target.kind],
  ["target_id", (entry) => entry.target.id],
  ["zones", (entry) => entry.target.zones.join(" ")],
  ["reason", (entry) => entry.reason ?? ""],
  ["detail", (entry) => JSON.stringify(entry.detail)],
];

function lineOf(entry: AuditEntry, format: ExportFormat): string {
  if (format === "jsonl") return `${JSON.stringify({ ...entry, at: isoOf(entry.at) })}\n`;
  return `${columns.map(([, of]) => cell(of(entry))).join(",")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula, wherever it splits: what could begin one gets an apostrophe in front (OWASP, CSV injection). */
export function cell(text: string): string {
  // Some countries' spreadsheets split at semicolons, and then a cell of ours is several of theirs.
  const safe = text.replace(/(^|;)(?=[=+\-@\t\r\n])/g, "$1'");
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The last line of a file; one without it was cut off on its way. */
export function endOf(
  end: { entries: number; complete: boolean; goOnWith?: string },
  format: ExportFormat,
  what = "entries",
): string {
  if (format === "jsonl") return `${JSON.stringify({ end })}\n`;
  return end.complete
    ? `# complete: ${end.entries} ${what}\r\n`
    : `# cut after ${end.entries} ${what}${end.goOnWith === undefined ? "" : `; go on with what is before ${end.goOnWith}`}\r\n`;
}
