import { Empty } from "@/components/ui/empty";
import { VerdictGlyph } from "@/components/ui/glyph";
import { KeyLink } from "@/components/ui/key-link";
import { Link } from "@/components/ui/link";
import { LiveAge, LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Table, Td, Th } from "@/components/ui/table";
import type { KeyView } from "@/lib/timeline/views";
import { listed } from "@/lib/words";

/** What each service of the key's zones holds, as far as Accord's own store knows. */
export function HoldingsPanel({ view }: { view: KeyView }) {
  return (
    <>
      <Panel aria-label="What each service holds">
        <PanelHead title="What each service holds" note="as last seen" />
        <Table label="Services of this key">
          <thead>
            <tr>
              <Th>Service</Th>
              <Th>Open there</Th>
              <Th num>Seen</Th>
            </tr>
          </thead>
          <tbody>
            {view.holdings.map((holding) => (
              <tr key={holding.service}>
                <Td className="whitespace-nowrap text-12">{holding.service}</Td>
                <Td className="text-12">
                  <span className="flex items-start gap-1.5">
                    <VerdictGlyph verdict={holding.verdict} size={14} labelled className="mt-0.5" />
                    <span>
                      {holding.text}
                      {holding.since !== null && (
                        <>
                          , <LiveAge since={holding.since} asOf={view.now} />
                        </>
                      )}
                    </span>
                  </span>
                </Td>
                <Td num className="text-12 text-ink-3">
                  {holding.observedAt === null ? "never" : <LiveAgo at={holding.observedAt} asOf={view.now} />}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Panel>
      <Limits view={view} />
    </>
  );
}

/** A key of which nothing is stored: what it may have been meant to be, and where was looked. */
export function UnknownPanel({ view }: { view: KeyView }) {
  return (
    <Panel aria-label="Near matches">
      <Empty kind="filtered" title={view.near.length > 0 ? "Did you mean one of these?" : "No key begins like it either"}>
        Looked at {listed(view.looked)}. {view.limits.join(" ")}
      </Empty>
      {view.near.length > 0 && (
        <ul className="border-t px-6 py-3">
          {view.near.map(({ key, since }) => (
            <li key={key} className="flex items-baseline gap-3 py-1">
              <KeyLink businessKey={key} className="link" />
              <span className="text-12 text-ink-3">
                {since === null ? "nothing open" : <>open for {<LiveAge since={since} asOf={view.now} />}</>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const Limits = ({ view }: { view: KeyView }) => (
  <Panel aria-label="What is not here">
    <PanelHead title="What is not here" />
    <div className="space-y-2 px-3.5 py-3 text-12 text-ink-2">
      {view.limits.map((limit) => (
        <p key={limit}>{limit}</p>
      ))}
      <p>
        <Link href={`/dead-letters?q=${encodeURIComponent(`key:"${view.key.replaceAll('"', "")}"`)}`} className="link">
          Groups with this key
        </Link>
      </p>
    </div>
  </Panel>
);
