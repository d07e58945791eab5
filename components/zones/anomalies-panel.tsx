import { countText } from "@/components/ui/format";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import type { ZoneRow } from "@/lib/zones/views";

/** What came twice and what came too late to matter: nothing waits for it, and too much of it has a reason. */
export function AnomaliesPanel({ lastHour }: { lastHour: ZoneRow["lastHour"] }) {
  return (
    <Panel>
      <PanelHead title="Copies and order" note="last hour" />
      <div className="px-3.5 py-3">
        {lastHour === null ? (
          <p className="text-12 text-ink-3">Not known.</p>
        ) : (
          <Facts
            rows={[
              ["Duplicates dropped", countText(lastHour.duplicatesDropped)],
              ["Duplicates with an effect", countText(lastHour.duplicatesApplied)],
              [
                "Older versions skipped",
                lastHour.staleRetried
                  ? `${countText(lastHour.staleSkipped)}, ${countText(lastHour.staleRetried)} by retries`
                  : countText(lastHour.staleSkipped),
              ],
            ]}
          />
        )}
      </div>
    </Panel>
  );
}
