import { OutcomeNote, OutcomeRow } from "@/components/preview/outcome-row";
import { Changes } from "@/components/ui/changes";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import type { EditPreviewView } from "@/lib/operations/views";
import { counted, listed } from "@/lib/words";

/** What an edit makes of each message, and samples of it. */
export function EditOutcomes({ view }: { view: EditPreviewView }) {
  const { edit } = view;
  const rest = "Left out, nothing happens to";
  const them = (n: number) => (n === 1 ? "it" : "them");
  return (
    <>
      <h3 className="mt-5 font-semibold">What will happen</h3>
      <ul className="mt-1.5">
        <OutcomeRow n={edit.changeN} glyph={<OutcomeGlyph state="waiting" className="mt-0.5 text-accent" />}>
          <p>
            {edit.changeN === 1 ? "is" : "are"} edited and redelivered to {listed(view.consumers) || "nobody"} only.
          </p>
          <p className="text-12 text-ink-3">
            Under a new id{edit.changeN === 1 ? "" : " each"}, with the original as its cause; the original is kept
            {edit.schema ? ". Held against the event's schema" : ". No contract names a schema for it"}
          </p>
        </OutcomeRow>
        {edit.misfitN > 0 && (
          <OutcomeRow n={edit.misfitN} glyph={<OutcomeGlyph state="failed_again" className="mt-0.5" />}>
            <p>{edit.misfitN === 1 ? "does" : "do"} not take the edit, as said above.</p>
            <p className="text-12 text-ink-3">Parked as before</p>
          </OutcomeRow>
        )}
        {edit.sameN > 0 && (
          <OutcomeRow n={edit.sameN} glyph={<OutcomeGlyph state="duplicate" className="mt-0.5" />}>
            <p>
              {edit.sameN === 1 ? "stays as it is" : "stay as they are"}: the edit changes nothing in {them(edit.sameN)}.
            </p>
            <p className="text-12 text-ink-3">
              {rest} {them(edit.sameN)}
            </p>
          </OutcomeRow>
        )}
        {edit.unseenN > 0 && (
          <OutcomeRow n={edit.unseenN} glyph={<OutcomeGlyph state="uncertain" className="mt-0.5" />}>
            <p>
              {edit.unseenN === 1 ? "has a payload" : "have payloads"} that Accord does not keep, so nobody could see the edit.
            </p>
            <p className="text-12 text-ink-3">
              {rest} {them(edit.unseenN)}
            </p>
          </OutcomeRow>
        )}
        {view.excluded.map((each) => (
          <OutcomeRow key={each.why} n={each.n} glyph={<OutcomeGlyph state="held" className="mt-0.5" />}>
            <p>{each.why}</p>
            <p className="text-12 text-ink-3">
              {rest} {them(each.n)}
            </p>
          </OutcomeRow>
        ))}
      </ul>
      {view.receiveNothing.length > 0 && (
        <OutcomeNote icon="shield" filled>
          {listed(view.receiveNothing)} {view.receiveNothing.length === 1 ? "reads" : "read"} these events too and{" "}
          <b className="text-ink">{view.receiveNothing.length === 1 ? "receives" : "receive"} nothing</b>.
        </OutcomeNote>
      )}
      {edit.samples.length > 0 && (
        <h3 className="mt-5 font-semibold">
          What changes{edit.changeN > edit.samples.length && `, in ${edit.samples.length} of ${counted(edit.changeN, "message")}`}
        </h3>
      )}
      {edit.samples.map(({ id, businessKey, before, after }, i) => (
        <details key={id} open={i === 0} className="mt-1.5 rounded-control border">
          <summary className="cursor-pointer px-3 py-2 text-12 max-md:py-3">
            <span className="mono">{businessKey || `Message ${id}`}</span>
          </summary>
          <Changes
            label={`What changes in ${businessKey || id}`}
            before={before}
            after={after}
            folded
            className="max-h-80 border-t"
          />
        </details>
      ))}
    </>
  );
}
