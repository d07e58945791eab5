import { OutcomeNote, OutcomeRow } from "@/components/preview/outcome-row";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import { When } from "@/components/ui/when";
import type { Closing } from "@/lib/dead-letters/codes.rules";
import type { PreviewView } from "@/lib/operations/views";
import { counted, listed } from "@/lib/words";
import { closeWords } from "./close-words";

/** What closing does to each message, to whom it does nothing, whose tables are written, and what can be taken back. */
export function CloseOutcomes({ closing, view }: { closing: Closing; view: PreviewView }) {
  const { goneN, behindN, written, alone, final } = view.closing!;
  const whom = [...new Set([...view.consumers, ...view.receiveNothing])].sort();
  return (
    <>
      <h3 className="mb-2 font-semibold">What will happen</h3>
      <ul>
        <OutcomeRow
          n={view.messagesN}
          glyph={<OutcomeGlyph state={closing === "discard" ? "discarded" : "by_hand"} className="mt-0.5 text-accent" />}
        >
          <p>{closeWords[closing].means}</p>
          <p className="text-12 text-ink-3">
            {counted(view.keysN, "business key")} in {counted(view.groups.length, "group")}; they no longer count as unresolved
          </p>
        </OutcomeRow>
        {behindN > 0 && (
          <OutcomeRow n={behindN} glyph={<OutcomeGlyph state="held" className="mt-0.5" />}>
            <p>
              {behindN === 1 ? "event of these keys waits" : "events of these keys wait"} behind them, and will go on waiting.
            </p>
            <p className="text-12 text-ink-3">What comes first never will; the consumer has to let go of them itself</p>
          </OutcomeRow>
        )}
        {goneN > 0 && (
          <OutcomeRow n={goneN} glyph={<OutcomeGlyph state="stale" className="mt-0.5" />}>
            <p>{goneN === 1 ? "is" : "are"} not parked any more.</p>
            <p className="text-12 text-ink-3">Left out: processed, closed or gone before this</p>
          </OutcomeRow>
        )}
        {view.excluded.map((each) => (
          <OutcomeRow key={each.why} n={each.n} glyph={<OutcomeGlyph state="held" className="mt-0.5" />}>
            <p>{each.why}</p>
            <p className="text-12 text-ink-3">Left out, nothing happens to {each.n === 1 ? "it" : "them"}</p>
          </OutcomeRow>
        ))}
      </ul>
      {whom.length > 0 && (
        <OutcomeNote icon="shield" filled>
          {listed(whom)} {whom.length === 1 ? "receives" : "receive"} <b className="text-ink">nothing</b>.
        </OutcomeNote>
      )}
      {written.length > 0 && <OutcomeNote icon="book">{writtenNote(closing, written)}</OutcomeNote>}
      {alone.length > 0 && (
        <OutcomeNote icon="book">
          Nothing is written in {listed(alone)}: Accord alone keeps them as resolved, and there they lie as before. They come back
          by themselves if their rows change.
        </OutcomeNote>
      )}
      <OutcomeNote icon="clock">
        {final.length > 0
          ? `There is no way back in ${listed(final)}: what is discarded there stays discarded.`
          : "It can be taken back from the operation's page for as long as the service keeps the rows."}
        {view.expiresAt !== null && (
          <>
            {" "}
            The first of them will be deleted by its source at <When at={view.expiresAt} now={view.now} />.
          </>
        )}
      </OutcomeNote>
    </>
  );
}

const writtenNote = (closing: Closing, written: readonly string[]): string =>
  `The dead letters of ${listed(written)} are marked as ${closing === "discard" ? "discarded" : "resolved"} in ${written.length === 1 ? "its" : "their"} own tables, with who and why.`;
