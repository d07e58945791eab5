"use client";
import { TakeBack } from "@/components/operations/take-back";
import { operationHref, operationName } from "@/components/operations/words";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import type { ClosedDetail } from "@/lib/dead-letters/views";
import { groupHref } from "./group-row";

type Props = { id: string; sentence: string; closed: ClosedDetail };

/** A message that is not parked any more: how it was closed, by whom, and the way back where there is one. */
export function ClosedMessage({ id, sentence, closed }: Props) {
  const { operationId, by } = closed;
  return (
    <>
      <div className="flex flex-wrap items-start gap-2.5">
        <h1 className="mono min-w-0 flex-1 basis-72 text-22 font-semibold">{closed.businessKey || `Message ${id}`}</h1>
        {operationId !== null && (
          <TakeBack of={{ messages: [id] }} what="this message" zones={closed.zones} final={closed.final} />
        )}
      </div>
      <p className="mt-1.5 mb-3.5 text-ink-2">
        {sentence} {operationId !== null && closed.final}
      </p>
      <Panel className="max-w-sentence">
        <PanelHead title="How it was closed" />
        <div className="px-3.5 py-3">
          <Facts
            rows={[
              ["When", <When key="when" at={closed.closedAt} now={closed.now} />],
              ...(operationId === null
                ? []
                : ([
                    ["Who", by],
                    ["As", closed.code],
                    ["Why", closed.reason],
                    ["Evidence", closed.evidence ?? "none"],
                    [
                      "Operation",
                      <Link key="op" href={operationHref(operationId)} className="link mono">
                        {operationName(operationId)}
                      </Link>,
                    ],
                  ] as [string, React.ReactNode][])),
              [
                "Group",
                <Link key="group" href={groupHref(closed.groupId)} className="link">
                  what failed in the same way
                </Link>,
              ],
              ["Source", closed.sourceId],
            ]}
          />
        </div>
      </Panel>
    </>
  );
}
