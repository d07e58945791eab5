import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { zoneHref } from "@/components/ui/zone-badges";
import type { EventRow } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import { listed } from "@/lib/words";

type Props = { title: "Publishes" | "Consumes"; rows: EventRow[]; now: Instant; none: string };

/** The events that go through a service, zone by zone, as the contracts name them; with what was seen of each in the last two hours. */
export function EventsByZone({ title, rows, now, none }: Props) {
  const zones = [...new Set(rows.map(({ zoneId }) => zoneId))];
  return (
    <Panel>
      <PanelHead title={title} note={rows.length > 0 && "by contract; counts of the last 2 h"} />
      {rows.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-3">{none}</p>
      ) : (
        <Table className="sm:min-w-140">
          <thead>
            <tr>
              <Th>Event</Th>
              <Th>{title === "Publishes" ? "Obliges" : "Of, by consumer"}</Th>
              <Th num>Messages</Th>
              <Th>Last</Th>
            </tr>
          </thead>
          {zones.map((zoneId) => (
            <Zone key={zoneId} rows={rows.filter((row) => row.zoneId === zoneId)} now={now} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Zone({ rows, now }: { rows: EventRow[]; now: Instant }) {
  const [{ zoneId, zoneTitle }] = rows as [EventRow];
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4} className="border-b bg-canvas px-3.5 py-1.5 text-left text-12 font-normal text-ink-2">
          <Link href={zoneHref(zoneId)} className="hover:underline">
            {zoneTitle}
          </Link>
        </th>
      </tr>
      {rows.map((row) => (
        <tr key={`${row.eventType} ${row.consumer}`}>
          <Td>
            <span className="font-medium">{row.eventType}</span>
            {row.means && <div className="line-clamp-1 text-12 text-ink-3">{row.means}</div>}
          </Td>
          <Td className="text-12 text-ink-2">
            {row.consumer === "" ? listed(row.others) || "nobody" : `${listed(row.others)}, by ${row.consumer}`}
            {row.propagation !== "outbox" && <span className="text-ink-3"> · {propagationWords[row.propagation]}</span>}
          </Td>
          <Td num>
            <Count n={row.propagation === "cdc" && row.consumer === "" ? null : row.n} />
          </Td>
          <Td className="whitespace-nowrap text-12 text-ink-2">
            {row.lastAt === null ? <span className="text-ink-3">–</span> : <LiveAgo at={row.lastAt} asOf={now} />}
          </Td>
        </tr>
      ))}
    </tbody>
  );
}

const propagationWords = { cdc: "change data capture", "self-read": "reads its own" } as const;
