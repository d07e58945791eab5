import { OutcomeNote, OutcomeRow } from "@/components/preview/outcome-row";
import { cn } from "@/components/ui/cn";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import { When } from "@/components/ui/when";
import type { PreviewView } from "@/lib/dead-letters/views";
import { counted, listed } from "@/lib/words";
import type { Act } from "./words";

/** What the act would do to each message, and who receives nothing. */
export function PreviewOutcomes({ act, view }: { act: Act; view: PreviewView }) {
  const excludedN = view.excluded.reduce((sum, each) => sum + each.n, 0);
  const whom = listed(view.consumers);
  return (
    <>
      <h3 className="font-semibold">What will happen</h3>
      <div
        role="img"
        aria-label={`${counted(view.messagesN, "message")} affected, ${excludedN.toLocaleString("en-US")} left out`}
        className="mt-2.5 mb-3.5 flex h-3.5 gap-0.5"
      >
        <i
          className={cn("min-w-2 rounded-square", act === "retry" ? "bg-accent-fill" : "bg-none-fill")}
          style={{ flexGrow: view.messagesN }}
        />
        {excludedN > 0 && <i className="v-none min-w-2 rounded-square hatch-fill" style={{ flexGrow: excludedN }} />}
      </div>
      <ul>
        <OutcomeRow
          n={view.messagesN}
          glyph={<OutcomeGlyph state={act === "retry" ? "waiting" : "discarded"} className="mt-0.5 text-accent" />}
        >
          <p>{act === "retry" ? `will be redelivered to ${whom} only.` : "will be discarded for good: nobody processes them."}</p>
          <p className="text-12 text-ink-3">
            {counted(view.keysN, "business key")} in {counted(view.groups.length, "group")}
            {act === "discard" && "; their keys stay as they are and no longer count as unresolved"}
          </p>
        </OutcomeRow>
        {act === "retry" && view.undoneN > 0 && (
          <OutcomeRow n={view.undoneN} glyph={<OutcomeGlyph state="stale" className="mt-0.5" />}>
            <p>of these will most likely change nothing: the saga of their key was undone since.</p>
            <p className="text-12 text-ink-3">
              {view.undoneN === view.messagesN
                ? "No other is left; discarding says what is so"
                : `Of at most ${(view.messagesN - view.undoneN).toLocaleString("en-US")} an effect is to be expected`}
            </p>
          </OutcomeRow>
        )}
        {view.excluded.map((each) => (
          <OutcomeRow key={each.why} n={each.n} glyph={<OutcomeGlyph state="held" className="mt-0.5" />}>
            <p>{each.why}</p>
            <p className="text-12 text-ink-3">Left out, nothing happens to {each.n === 1 ? "it" : "them"}</p>
          </OutcomeRow>
        ))}
      </ul>
      {act === "retry" && view.receiveNothing.length > 0 && (
        <OutcomeNote icon="shield" filled>
          {listed(view.receiveNothing)} {view.receiveNothing.length === 1 ? "reads" : "read"} these events too and{" "}
          <b className="text-ink">{view.receiveNothing.length === 1 ? "receives" : "receive"} nothing</b>.
        </OutcomeNote>
      )}
      {act === "retry" && view.hazards.length > 0 && (
        <OutcomeNote icon="book">
          {view.hazards.map((hazard) => (
            <span key={hazard} className="block [overflow-wrap:anywhere]">
              {hazard}
            </span>
          ))}
        </OutcomeNote>
      )}
      {view.expiresAt !== null && (
        <OutcomeNote icon="clock">
          The first of them will be deleted by its source at <When at={view.expiresAt} now={view.now} />.
        </OutcomeNote>
      )}
      <OutcomeNote icon="pause">
        {act === "retry"
          ? "You can pause or cancel the rest at any time; what was delivered stays delivered. A delivery without an answer in 10 s counts as uncertain until its consumer's record can be read."
          : "You can cancel what has not had its turn yet. What was discarded stays discarded, with who and why on record."}
      </OutcomeNote>
    </>
  );
}
