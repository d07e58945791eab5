import type { ReactNode } from "react";
import { Elsewhere } from "@/components/ui/elsewhere";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import type { GroupView } from "@/lib/dead-letters/views";
import { groupFacts } from "./group-parts";
import { Grouping } from "./grouping";
import { SeenBeforeList, Ticket } from "./triage-panels";
import type { Triaging } from "./use-triage";

/** What a group is, who works on it where, how it was put together, and when it was there before. */
export function Details({ view, triage }: { view: GroupView; triage: Triaging }) {
  return (
    <Panel>
      <PanelHead title="Details" />
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            [
              "Fingerprint",
              <span key="f" className="mono">
                {view.fingerprint}
                {view.formedBefore && (
                  <span className="block font-sans text-ink-2">
                    Formed by an earlier version of grouping: new messages of this failure form a new group.
                  </span>
                )}
              </span>,
            ],
            ["Source", view.group.sourceId],
            ...groupFacts(view),
            ["Ticket", <Ticket key="ticket" ticket={view.group.triage.ticket} href={view.links.ticket} triage={triage} />],
            ...elsewhere(view),
            ["Grouped", <Grouping key="grouped" view={view} />],
            ["Seen before", <SeenBeforeList key="seen" seen={view.triage.seenBefore} now={view.now} />],
            ["Also read by", view.othersObliged.join(", ") || "nobody else"],
          ]}
        />
      </div>
    </Panel>
  );
}

const tools = { logs: "Its logs", runbook: "Its runbook" } as const;

/** Other tools that know more of the group, where their addresses are configured. */
function elsewhere({ links }: GroupView): [string, ReactNode][] {
  const known = (["logs", "runbook"] as const).filter((tool) => links[tool] !== null);
  if (known.length === 0) return [];
  return [
    [
      "Elsewhere",
      <span key="elsewhere" className="flex flex-wrap gap-x-3">
        {known.map((tool) => (
          <Elsewhere key={tool} href={links[tool]!}>
            {tools[tool]}
          </Elsewhere>
        ))}
      </span>,
    ],
  ];
}
