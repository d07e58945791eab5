"use client";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import type { SourcesView } from "@/lib/sources/views";
import { counted } from "@/lib/words";
import { SetUpLine } from "./set-up";
import { Access, Seen, Trouble } from "./source-parts";
import { sourceHref } from "./words";

/** The databases behind the table: whether each is seen and set up, and what is odd about it. */
export function SourcesPanel({ view }: { view: SourcesView }) {
  return (
    <Panel>
      <PanelHead title="Databases" note={counted(view.sources.length, "source")} />
      <ul>
        {view.sources.map((source) => (
          <li key={source.sourceId} id={source.sourceId} className="scroll-mt-4 border-b px-3.5 py-2.5 last:border-b-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Link href={sourceHref(source.sourceId)} className="font-semibold hover:underline">
                {source.service}
              </Link>
              <Seen source={source} now={view.now} />
              <SetUpLine source={source} now={view.now} />
              <span className="ml-auto">
                <Access source={source} />
              </span>
            </div>
            <Trouble source={source} now={view.now} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
