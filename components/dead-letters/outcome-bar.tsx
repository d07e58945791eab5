import { cn } from "@/components/ui/cn";
import { type ForecastOutcome, forecastOutcomes } from "@/lib/operations/forecast.rules";
import type { ForecastView, PreviewView } from "@/lib/operations/views";
import { foretoldWords } from "./forecast-words";

/** How each outcome is drawn: what has an effect in colour, what waits hatched, what comes to nothing grey. */
const fills: Partial<Record<ForecastOutcome, string>> = {
  deliver: "bg-accent-fill",
  handed: "bg-accent-fill opacity-70",
  held: "v-risk bg-fill",
  unchecked: "v-risk hatch-fill",
  claimed: "v-none hatch-fill",
  retrying: "v-none hatch-fill",
  unable: "v-none hatch-fill",
};

/** Outcomes in the order in which they are told: what is done first. */
export const shown = ({ outcomes }: Pick<ForecastView, "outcomes">): ForecastView["outcomes"] =>
  outcomes.toSorted((one, other) => forecastOutcomes.indexOf(one.outcome) - forecastOutcomes.indexOf(other.outcome));

type Props = { view: PreviewView; forecast: ForecastView | undefined };

/** Shares of the selection by what would come of them. */
export function OutcomeBar({ view, forecast }: Props) {
  const excludedN = view.excluded.reduce((sum, each) => sum + each.n, 0);
  const parts =
    forecast?.state === "done"
      ? shown(forecast).map((each) => ({
          key: each.outcome,
          n: each.n,
          fill: fills[each.outcome] ?? "v-none bg-fill",
          words: foretoldWords(each, view).what,
        }))
      : [
          { key: "all", n: view.messagesN, fill: "bg-accent-fill", words: "affected" },
          { key: "left", n: excludedN, fill: "v-none hatch-fill", words: "left out" },
        ];
  const some = parts.filter(({ n }) => n > 0);
  return (
    <div
      role="img"
      aria-label={some.map(({ n, words }) => `${n.toLocaleString("en-US")} ${words}`).join(" ")}
      className="mt-2.5 mb-3.5 flex h-3.5 gap-0.5"
    >
      {some.map(({ key, n, fill }) => (
        <i key={key} className={cn("min-w-2 rounded-square", fill)} style={{ flexGrow: n }} />
      ))}
    </div>
  );
}
