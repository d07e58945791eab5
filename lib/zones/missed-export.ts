import { cell, type Export, endOf, exportTypes } from "../audit/export";
import { EXPORT_ROWS_MAX, type ExportFormat } from "../audit/rules";
import { auditedOnce } from "../audited";
import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import { seconds } from "../time";
import { selectUndelivered, type Undelivered } from "./missed-export.sql";

// Younger than that is on its way.
const YOUNG_MS = seconds(10);

/**
 * The messages that consumers of a zone lack, by id, as a file: what its producers are to publish again. Up to 100,000, the oldest first;
 * the last line says whether that is all. Every export is an entry of the audit.
 */
export async function exportUndelivered(
  ctx: Ctx,
  { zoneId, key, format }: { zoneId: string; key: string; format: ExportFormat },
): Promise<Export> {
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId);
  if (!contract || !canRead(ctx.actor, zoneId))
    throw new Refusal("not_found", "There is no such zone, or it is not among yours.");
  const { value } = await auditedOnce(ctx, "message.export", { zoneId, key, format }, async () => ({
    target: { kind: "zone", id: zoneId, zones: [zoneId] },
    change: async () => ({ before: ctx.now - YOUNG_MS }),
    entry: { detail: { format } },
  }));
  return {
    fileName: `accord-${zoneId}-undelivered-${new Date(ctx.now).toISOString().replace(/[:.]/g, "-")}.${format}`,
    contentType: exportTypes[format],
    chunks: linesOf(ctx, zoneId, value.before, format),
  };
}

const columns = ["message_id", "event_type", "business_key", "since", "not_processed_by"];
const cellsOf = ({ messageId, eventType, businessKey, since, consumers }: Undelivered): string[] => [
  messageId,
  eventType,
  businessKey,
  new Date(since).toISOString(),
  consumers.join(" "),
];

async function* linesOf(ctx: Ctx, zoneId: string, before: number, format: ExportFormat): AsyncGenerator<string> {
  const found = await selectUndelivered(ctx.db, zoneId, before, EXPORT_ROWS_MAX + 1);
  const shown = found.slice(0, EXPORT_ROWS_MAX);
  if (format === "csv") yield `${columns.join(",")}\r\n`;
  const line = (one: Undelivered) =>
    format === "csv"
      ? `${cellsOf(one).map(cell).join(",")}\r\n`
      : `${JSON.stringify(Object.fromEntries(cellsOf(one).map((text, i) => [columns[i], text])))}\n`;
  yield shown.map(line).join("");
  yield endOf({ entries: shown.length, complete: found.length === shown.length }, format, "messages");
}
