import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/ui/icons";
import { LiveAge } from "@/components/ui/live-age";
import { When } from "@/components/ui/when";
import type { HoldPreviewView } from "@/lib/sagas/views";
import { counted, listed } from "@/lib/words";
import { Countdown } from "./countdown";

/** What a hold would do to each saga, and what it cannot do any more. */
export function HoldOutcomes({ view }: { view: HoldPreviewView }) {
  const { now, sagasN, begunN, pastN, heldN, firstDeadlineAt, moreThan } = view;
  const undo = [...new Set(view.groups.flatMap((group) => group.undo))];
  const ahead = sagasN - begunN - pastN;
  return (
    <>
      <h3 className="font-semibold">What will happen</h3>
      <ul className="mt-1.5">
        {ahead > 0 && (
          <Row n={ahead} icon="pause" tone="text-accent">
            <p>
              stay as they are: {undo.length > 0 ? `${listed(undo)} will not start` : "they will not compensate"} before the hold
              ends.
            </p>
            {firstDeadlineAt !== null && firstDeadlineAt > now && (
              <p className="text-12 text-ink-3">
                Without a hold the first of them starts at <When at={firstDeadlineAt} now={now} />{" "}
                <Countdown at={firstDeadlineAt} asOf={now} />
              </p>
            )}
          </Row>
        )}
        {pastN > 0 && (
          <Row n={pastN} icon="clock" tone="v-breach text-fg">
            <p>{pastN === 1 ? "is" : "are"} past the deadline and may start to compensate before the hold arrives.</p>
            {firstDeadlineAt !== null && firstDeadlineAt < now && (
              <p className="text-12 text-ink-3">
                The first for <LiveAge since={firstDeadlineAt} asOf={now} />
              </p>
            )}
          </Row>
        )}
        {begunN > 0 && (
          <Row n={begunN} icon="undo" tone="v-risk text-fg">
            <p>{begunN === 1 ? "has" : "have"} begun to compensate.</p>
            <p className="text-12 text-ink-3">What has begun goes on; a hold stops only what has not started</p>
          </Row>
        )}
        {heldN > 0 && (
          <Row n={heldN} icon="pause" tone="text-ink-3">
            <p>of them {heldN === 1 ? "is" : "are"} held already; the later end counts.</p>
          </Row>
        )}
      </ul>
      <ul className="mt-3 text-12 text-ink-2">
        {view.groups.map(({ sagaType, step, n }) => (
          <li key={`${sagaType}/${step}`}>
            {counted(n, "saga")} of <span className="mono">{sagaType}</span>
            {step !== null && (
              <>
                {" "}
                at <span className="mono">{step}</span>
              </>
            )}
          </li>
        ))}
      </ul>
      {moreThan !== null && (
        <p className="mt-2 text-12 font-medium">
          More than {moreThan.toLocaleString("en-US")} match. These are the ones whose deadline comes first; hold again for the
          rest.
        </p>
      )}
      <div className="mt-3 flex gap-2.5 rounded-control bg-sunken px-3 py-2.5 text-12 text-ink-2">
        <Icon name="shield" />
        <p>A hold repairs nothing. Customers stay as they are meanwhile, and their keys count as unresolved.</p>
      </div>
    </>
  );
}

function Row({ n, icon, tone, children }: { n: number; icon: IconName; tone: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[18px_56px_1fr] gap-2 border-b py-[9px] last:border-b-0">
      <Icon name={icon} className={`mt-0.5 ${tone}`} />
      <span className="pr-1 text-right text-18 leading-5 font-semibold">{n.toLocaleString("en-US")}</span>
      <div className="min-w-0">{children}</div>
    </li>
  );
}
