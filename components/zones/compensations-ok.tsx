import { percentText } from "@/components/ui/format";

/** Share of compensations that succeeded; none run is not 100 %. */
export function CompensationsOk({ of }: { of: { ok: number; failed: number } | null }) {
  if (of === null) return <span className="text-ink-3">–</span>;
  const all = of.ok + of.failed;
  if (all === 0) return <span className="text-12 text-ink-3">none run</span>;
  return <span title={`${of.ok} of ${all}`}>{percentText(of.ok / all)}</span>;
}
