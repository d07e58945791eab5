import { intentKey, Refused } from "@/components/fetch";
import type { ExportFormat } from "@/lib/audit/rules";

/** Fetches the narrowed audit as a file and hands it to the browser to keep; a refusal in words when there is none. */
export async function saveExport(narrowing: Record<string, string>, format: ExportFormat): Promise<void> {
  const { since, until, ...rest } = narrowing;
  const times = { ...(since && { since: Number(since) }), ...(until && { until: Number(until) }) };
  const response = await fetch("/api/v1/audit/export", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": intentKey() },
    body: JSON.stringify({ ...rest, ...times, format }),
  }).catch(() => {
    throw new Refused("unreachable", "Accord cannot be reached from this browser.");
  });
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw new Refused(body?.refusal?.kind ?? "unavailable", body?.refusal?.message ?? `Accord answered ${response.status}.`);
  }
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `accord-audit.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}
