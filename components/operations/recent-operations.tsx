"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { OperationGlyph } from "./operation-glyph";
import { recentOperationsQuery } from "./queries";
import { operationHref, progressWords, standWord } from "./words";

const SHOWN = 5;

/** What people did last, and how far it is. */
export function RecentOperations() {
  const query = useQuery(recentOperationsQuery());
  return (
    <Panel>
      <PanelHead title="Recent operations">
        <Link href="/operations" className="link text-12">
          All
        </Link>
      </PanelHead>
      <Loaded
        query={query}
        what="Operations"
        waiting={<SkeletonBlock />}
        empty={(data) => (data.operations.length === 0 ? <Nothing /> : null)}
      >
        {(data) => (
          <ul>
            {data.operations.slice(0, SHOWN).map((operation) => (
              <li key={operation.operationId} className="flex items-start gap-2.5 border-b px-3.5 py-2.25 last:border-b-0">
                <OperationGlyph state={operation.state} gate={operation.gate} counts={operation.counts} className="mt-0.5" />
                <div className="min-w-0 flex-1">
                  <Link href={operationHref(operation.operationId)} className="block truncate font-medium hover:underline">
                    {operation.title}
                  </Link>
                  <p className="truncate text-12 text-ink-3">
                    {standWord(operation)}, {progressWords(operation.counts)} · {operation.requestedBy}
                  </p>
                </div>
                <When at={operation.requestedAt} now={data.now} className="text-12 text-ink-3" />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

const Nothing = () => (
  <Empty kind="first-use" icon="operation" title="Nobody has retried or discarded anything yet">
    A retry starts from a group of dead letters and stays here as a record.
  </Empty>
);
