import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { settings } from "./cluster";
import { benchLive } from "./live/live";
import { benchObserve } from "./observe/observe";
import { benchReading } from "./reading/reading";
import { benchReconcile } from "./reconcile/reconcile";
import type { Size } from "./size";
import { benchAlerts } from "./store/alerts";
import { benchDeliveries } from "./store/deliveries";
import { benchIngest } from "./store/ingest";
import { benchRetry } from "./store/retry";
import { benchTriage } from "./store/triage";
import { benchZones } from "./store/zones";

const benches: Record<string, (size: Size) => Promise<void>> = {
  observe: benchObserve,
  reading: benchReading,
  reconcile: benchReconcile,
  zones: benchZones,
  ingest: benchIngest,
  deliveries: benchDeliveries,
  retry: benchRetry,
  triage: benchTriage,
  live: benchLive,
  alerts: benchAlerts,
};

const usage = `npm run bench -- <${Object.keys(benches).join(" | ")}> [--full] [--rows 10M] [--keep]
  --full  the sizes of docs/benchmarks.md, where the default is smaller
  --rows  another size of the table in question, as in 500k or 10M
  --keep  leaves the data for the next run under .data/bench`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { full: { type: "boolean" }, keep: { type: "boolean" }, rows: { type: "string" } },
  });
  const bench = benches[positionals[0] ?? ""];
  if (!bench || positionals.length > 1) {
    console.error(usage);
    process.exitCode = 1;
    return;
  }
  console.log(
    `# ${positionals[0]}: ${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
  );
  console.log(
    `PostgreSQL: ${Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", ")}`,
  );
  await bench({ full: values.full ?? false, keep: values.keep ?? false, rows: rowsOf(values.rows) });
}

function rowsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^(\d+(?:\.\d+)?)(k|M)?$/.exec(text);
  if (!match) throw new Error(`--rows: write a number such as 500k or 10M; "${text}" is none.`);
  return Number(match[1]) * ({ k: 1e3, M: 1e6 }[match[2] ?? ""] ?? 1);
}

await main();
