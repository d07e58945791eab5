import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { counted } from "@/lib/words";
import { readFilter } from "./filter";

type Props = { filter: string; setFilter: (value: string) => void; what: string; mutedN?: number };

/** A list that is empty: since nothing is parked, since the rest is muted, or since nothing matches, with the way back. */
export function Nothing({ filter, setFilter, what, mutedN = 0 }: Props) {
  const tokens = readFilter(filter);
  if (tokens.length === 0)
    return (
      <Panel>
        {what === "closed message" ? (
          <Empty kind="good" title="Nothing was closed yet">
            Messages that were processed, resolved or discarded after they were parked stand here.
          </Empty>
        ) : mutedN > 0 ? (
          <Empty
            kind="filtered"
            title="All that is parked is muted"
            actions={
              <Button size="sm" onClick={() => setFilter("triage:muted")}>
                Show {counted(mutedN, "muted group")}
              </Button>
            }
          >
            It still counts in the verdicts of its zones.
          </Empty>
        ) : (
          <Empty kind="good" title="Nothing is parked">
            Every message that Accord knows of was processed, resolved or discarded.
          </Empty>
        )}
      </Panel>
    );
  const rest = tokens.slice(0, -1).map((token) => token.raw);
  return (
    <Panel>
      <Empty
        kind="filtered"
        title={`No ${what} matches ${tokens.length === 1 ? "this filter" : `these ${tokens.length} filters`}`}
        actions={
          <>
            <Button size="sm" onClick={() => setFilter(rest.join(" "))}>
              Remove {tokens.at(-1)!.raw.slice(0, 60)}
            </Button>
            {tokens.length > 1 && (
              <Button size="sm" tone="ghost" onClick={() => setFilter("")}>
                Clear all
              </Button>
            )}
          </>
        }
      >
        What {what === "closed message" ? "was closed" : "is parked"} lies outside of{" "}
        <span className="mono">{filter.slice(0, 200)}</span>.
      </Empty>
    </Panel>
  );
}
