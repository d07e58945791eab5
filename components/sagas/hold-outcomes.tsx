import { OutcomeNote, OutcomeRow } from "@/components/preview/outcome-row";
import { Icon } from "@/components/ui/icons";
import { LiveAge } from "@/components/ui/live-age";
import { When } from "@/components/ui/when";
import type { HoldPreviewView } from "@/lib/sagas/views";
import { counted, listed } from "@/lib/words";
import { Countdown } from "./countdown";

/** What a hold would do to each saga, and what it cannot do any more. */
export function HoldOutcomes({ view }: { view: HoldPreviewView }) {
  const { moreThan } = view;
  return (
    <>
      <h3 className="font-semibold">What will happen</h3>
      <Outcomes view={view} />
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
      <OutcomeNote icon="shield" filled className="mt-3">
        A hold repairs nothing. Customers stay as they are meanwhile, and their keys count as unresolved.
      </OutcomeNote>
    </>
  );
}

function Outcomes({ view }: { view: HoldPreviewView }) {
  const { now, sagasN, begunN, pastN, heldN, firstDeadlineAt } = view;
  const undo = [...new Set(view.groups.flatMap((group) => group.undo))];
  const ahead = sagasN - begunN - pastN;
  return (
    <ul className="mt-1.5">
      {ahead > 0 && (
        <OutcomeRow n={ahead} glyph={<Icon name="pause" className="mt-0.5 text-accent" />}>
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
        </OutcomeRow>
      )}
      {pastN > 0 && (
        <OutcomeRow n={pastN} glyph={<Icon name="clock" className="mt-0.5 v-breach text-fg" />}>
          <p>{pastN === 1 ? "is" : "are"} past the deadline and may start to compensate before the hold arrives.</p>
          {firstDeadlineAt !== null && firstDeadlineAt < now && (
            <p className="text-12 text-ink-3">
              The first has been so for <LiveAge since={firstDeadlineAt} asOf={now} />
            </p>
          )}
        </OutcomeRow>
      )}
      {begunN > 0 && (
        <OutcomeRow n={begunN} glyph={<Icon name="undo" className="mt-0.5 v-risk text-fg" />}>
          <p>{begunN === 1 ? "has" : "have"} begun to compensate.</p>
          <p className="text-12 text-ink-3">What has begun goes on; a hold stops only what has not started</p>
        </OutcomeRow>
      )}
      {heldN > 0 && (
        <OutcomeRow n={heldN} glyph={<Icon name="pause" className="mt-0.5 text-ink-3" />}>
          <p>of them {heldN === 1 ? "is" : "are"} held already; the later end counts.</p>
        </OutcomeRow>
      )}
    </ul>
  );
}
