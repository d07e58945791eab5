"use client";
import { useQuery } from "@tanstack/react-query";
import { OutcomeNote, OutcomeRow } from "@/components/preview/outcome-row";
import { Button } from "@/components/ui/button";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import { When } from "@/components/ui/when";
import type { PreviewView } from "@/lib/operations/views";
import { counted, listed } from "@/lib/words";
import { foretoldGlyph, foretoldHref, foretoldWords } from "./forecast-words";
import { OutcomeBar, shown } from "./outcome-bar";
import { forecastQuery } from "./queries";
import { ReadinessStrip } from "./readiness-strip";

type Props = { view: PreviewView; again: () => void };

/** What the retry would do to each message, who receives nothing, and what has to be known before. */
export function PreviewOutcomes({ view, again }: Props) {
  const { data: forecast } = useQuery(forecastQuery(view.forecastId));
  const arrivedN = forecast?.arrivedN ?? 0;
  return (
    <>
      <ReadinessStrip answers={view.readiness} />
      <h3 className="font-semibold">What will happen</h3>
      <OutcomeBar view={view} forecast={forecast} />
      <ul>
        {forecast?.state === "done" ? (
          shown(forecast).map((each) => {
            const { what, note } = foretoldWords(each, view);
            return (
              <OutcomeRow
                key={each.outcome}
                n={each.n}
                href={foretoldHref(forecast.forecastId, each.outcome)}
                glyph={<OutcomeGlyph state={foretoldGlyph[each.outcome]} className="mt-0.5" />}
              >
                <p>{what}</p>
                <p className="text-12 text-ink-3 [overflow-wrap:anywhere]">{note}</p>
              </OutcomeRow>
            );
          })
        ) : (
          <BeforeForecast
            view={view}
            state={view.forecastId === null ? null : (forecast?.state ?? "waiting")}
            lookedN={forecast?.lookedN ?? 0}
          />
        )}
        {forecast?.state !== "done" &&
          view.excluded.map((each) => (
            <li key={each.why} className="py-1 text-12 text-ink-3 [overflow-wrap:anywhere]">
              {each.n.toLocaleString("en-US")} left out: {each.why}
            </li>
          ))}
      </ul>
      {forecast?.state === "done" && !forecast.whole && (
        <OutcomeNote icon="clock">
          Looked at are the first {forecast.lookedN.toLocaleString("en-US")}; what comes of the rest is not known.
        </OutcomeNote>
      )}
      {forecast?.unasked.map(({ sourceId, n, why }) => (
        <OutcomeNote key={sourceId} icon="source">
          {counted(n, "message")} of {sourceId} could not be looked at: {why}
        </OutcomeNote>
      ))}
      {arrivedN > 0 && (
        <div
          role="status"
          className="mt-2 flex flex-wrap items-center gap-2.5 rounded-control bg-sunken px-3 py-2 text-12 text-ink-2"
        >
          <p className="min-w-0 flex-1">
            <b className="text-ink">{arrivedN.toLocaleString("en-US")} more arrived since.</b> They match and are no part of this.
          </p>
          <Button size="sm" onClick={again}>
            Preview with them
          </Button>
        </div>
      )}
      <Notes view={view} />
    </>
  );
}

type Before = Omit<Props, "again"> & { state: "waiting" | "lost" | null; lookedN: number };

/** What the store alone says: as long as nobody has looked at what consumers have processed. */
function BeforeForecast({ view, state, lookedN }: Before) {
  return (
    <OutcomeRow n={view.messagesN} glyph={<OutcomeGlyph state="waiting" className="mt-0.5 text-accent" />}>
      <p>{`will be redelivered to ${listed(view.consumers)} only.`}</p>
      <p className="text-12 text-ink-3" aria-live="polite">
        {counted(view.keysN, "business key")} in {counted(view.groups.length, "group")}
        {state === "waiting" &&
          `; looking at each in its source${lookedN > 0 ? `: ${lookedN.toLocaleString("en-US")} so far` : " …"}`}
        {state === "lost" && "; no worker looked at each of them: what is stale or was processed is not known"}
      </p>
    </OutcomeRow>
  );
}

/** What holds for all of it. */
function Notes({ view }: Omit<Props, "again">) {
  const silent = view.receiveNothing;
  return (
    <>
      {silent.length > 0 && (
        <OutcomeNote icon="shield" filled>
          {listed(silent)} {silent.length === 1 ? "reads" : "read"} these events too and{" "}
          <b className="text-ink">{silent.length === 1 ? "receives" : "receive"} nothing</b>.
        </OutcomeNote>
      )}
      <Lines icon="book" lines={view.hazards} />
      {view.expiresAt !== null && (
        <OutcomeNote icon="clock">
          The first of them will be deleted by its source at <When at={view.expiresAt} now={view.now} />.
        </OutcomeNote>
      )}
      <Lines
        icon="pause"
        lines={["You can pause or cancel the rest at any time; what was delivered stays delivered.", ...view.answers]}
      />
    </>
  );
}

function Lines({ icon, lines }: { icon: "book" | "pause"; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <OutcomeNote icon={icon}>
      {lines.map((line) => (
        <span key={line} className="block [overflow-wrap:anywhere]">
          {line}
        </span>
      ))}
    </OutcomeNote>
  );
}
