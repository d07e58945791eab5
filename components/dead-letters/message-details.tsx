import { Elsewhere } from "@/components/ui/elsewhere";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import type { MessageView } from "@/lib/dead-letters/views";
import { groupHref } from "./group-row";

/** When it was parked, as its source records it; where that does not, when Accord first saw it, and so said. */
function ParkedAt({ view: { message, group, now } }: { view: MessageView }) {
  const at = <When at={message.parkedAt} now={now} />;
  const recorded = group.records?.parked ?? "exact";
  // A row may lack what others of its table have.
  const quality = recorded === "derived" && message.flagged ? "first seen" : recorded;
  if (quality === "exact") return at;
  return quality === "derived" ? (
    <>
      {at}, as the last attempt tells: {group.records!.by} does not record it
    </>
  ) : (
    <>
      {group.records!.by} does not record it; first seen {at}
    </>
  );
}

/** What a message is beside what it carries. */
export function DetailsPanel({ view }: { view: MessageView }) {
  const { message, group, now } = view;
  const ids: [string, string | null][] = [
    ["Message id", message.messageId],
    ["Correlation", view.correlationId],
    ["Causation", view.causationId],
    ["Trace", view.traceparent],
    ["At the source", view.sourceDeadLetterId],
  ];
  return (
    <Panel>
      <PanelHead title="Details" />
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            [
              "Group",
              <Link key="g" href={groupHref(group.groupId)} className="link">
                {group.errorType}
              </Link>,
            ],
            ["Occurred", message.occurredAt === null ? "not told" : <When key="o" at={message.occurredAt} now={now} />],
            ...(view.firstFailedAt === null
              ? []
              : [["First failed", <When key="f" at={view.firstFailedAt} now={now} />] as [string, React.ReactNode]]),
            ["Parked", <ParkedAt key="p" view={view} />],
            ...(view.expiresAt === null
              ? []
              : [["Will be deleted", <When key="e" at={view.expiresAt} now={now} />] as [string, React.ReactNode]]),
            [
              "Aggregate",
              [view.aggregateType, message.version === null ? null : `v${message.version}`].filter(Boolean).join(", ") ||
                "not told",
            ],
            ["Schema", view.schemaVersion === null ? "not told" : `v${view.schemaVersion}`],
            ["Source", group.sourceId],
            ...ids.flatMap(([term, value]): [string, React.ReactNode][] =>
              value === null
                ? []
                : [
                    [
                      term,
                      <span key={term} className="mono">
                        {value}
                      </span>,
                    ],
                  ],
            ),
            ...elsewhere(view),
            ...(message.flagged
              ? [["Time", "made no sense; ages count from when Accord first saw it"] as [string, React.ReactNode]]
              : []),
          ]}
        />
      </div>
    </Panel>
  );
}

/** The trace and the logs of the message, where their addresses are configured and its ids are known. */
function elsewhere({ links }: MessageView): [string, React.ReactNode][] {
  if (links.trace === null && links.logs === null) return [];
  return [
    [
      "Elsewhere",
      <span key="elsewhere" className="flex flex-wrap gap-x-3">
        {links.trace && <Elsewhere href={links.trace}>Its trace</Elsewhere>}
        {links.logs && <Elsewhere href={links.logs}>Its logs</Elsewhere>}
      </span>,
    ],
  ];
}
