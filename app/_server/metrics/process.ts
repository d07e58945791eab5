import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Family } from "@/lib/zones/metrics";
import { openStreamsN } from "../live/events";
import { store } from "../store";

// Counts from when the first scrape loaded it; each scrape begins a new span.
const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

/** The web process itself, by the names that monitoring systems know for processes. */
export function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  const { pool } = store();
  const loopLagS = Number.isFinite(delay.max) ? delay.percentile(99) / 1e9 : 0;
  delay.reset();
  return [
    one("counter", "process_cpu_seconds_total", "Time on a processor.", (user + system) / 1e6),
    one("gauge", "process_resident_memory_bytes", "Memory.", memory.rss),
    one("gauge", "process_start_time_seconds", "When the process began.", Math.round(Date.now() / 1_000 - process.uptime())),
    one("gauge", "nodejs_heap_size_used_bytes", "Heap in use.", memory.heapUsed),
    one("gauge", "nodejs_eventloop_lag_p99_seconds", "Lateness of the event loop since the last scrape.", loopLagS),
    one("gauge", "accord_web_open_streams", "Open streams of live updates.", openStreamsN()),
    {
      name: "accord_web_store_connections",
      help: "Connections of this process to the store.",
      type: "gauge",
      samples: [
        { labels: { state: "busy" }, value: pool.totalCount - pool.idleCount },
        { labels: { state: "idle" }, value: pool.idleCount },
        { labels: { state: "waited_for" }, value: pool.waitingCount },
      ],
    },
  ];
}

const one = (type: Family["type"], name: string, help: string, value: number): Family => ({
  name,
  help,
  type,
  samples: [{ labels: {}, value }],
});
