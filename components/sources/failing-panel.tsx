import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Count, Table, Td, Th } from "@/components/ui/table";
import type { SourceView } from "@/lib/sources/views";
import { counted } from "@/lib/words";

/** What fails here: the largest groups of parked messages, each a way to it. */
export function FailingPanel({ view: { failing, source, now } }: { view: SourceView }) {
  // Who parked them need not be a consumer that the configuration names.
  const parked = Math.max(
    source.flows.reduce((sum, flow) => sum + (flow.parkedN ?? 0), 0),
    failing.reduce((sum, group) => sum + group.openN, 0),
  );
  return (
    <Panel>
      <PanelHead title="What fails here" note={failing.length > 0 && `${counted(parked, "message")} parked`} />
      {failing.length === 0 ? (
        <Empty
          kind={source.abilities?.deadLetters === null ? "filtered" : "good"}
          title={source.abilities?.deadLetters === null ? "What was put aside is not recorded here" : "Nothing is parked here"}
        />
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>Failure</Th>
              <Th num>Parked</Th>
              <Th>Last</Th>
            </tr>
          </thead>
          <tbody>
            {failing.map((group) => (
              <tr key={group.groupId}>
                <Td>
                  <Link href={`/dead-letters/groups/${group.groupId}`} className="font-semibold hover:underline">
                    {group.errorType}
                  </Link>
                  <div className="line-clamp-1 text-12 text-ink-3">
                    {group.consumer}, on {group.eventType}
                    {group.template && `: ${group.template}`}
                  </div>
                </Td>
                <Td num>
                  <Count n={group.openN} />
                </Td>
                <Td className="whitespace-nowrap text-12 text-ink-2">
                  <LiveAgo at={group.lastAt} asOf={now} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}
