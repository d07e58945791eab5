import { saveFile } from "@/components/save-file";
import type { ExportFormat } from "@/lib/audit/rules";

/** Fetches the narrowed audit as a file and hands it to the browser to keep; a refusal in words when there is none. */
export function saveExport(narrowing: Record<string, string>, format: ExportFormat): Promise<void> {
  const { since, until, ...rest } = narrowing;
  const times = { ...(since && { since: Number(since) }), ...(until && { until: Number(until) }) };
  return saveFile("/api/v1/audit/export", { ...rest, ...times, format });
}
