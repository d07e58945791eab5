import { cn } from "@/components/ui/cn";
import { type Tone, toneClass } from "@/components/ui/tone";
import { type ProofState, proofStates } from "@/lib/proofs/rules";
import { type ProofView, proofLetter } from "@/lib/proofs/views";
import { proofWord } from "@/lib/proofs/words";

type Shown = ProofState | "undelivered";

const tones: Record<Shown, Tone> = {
  proven: "ok",
  checking: "conv",
  waits: "risk",
  diverging: "breach",
  uncovered: "none",
  undelivered: "none",
};
// Full where it is known, half where it is looked at, hollow where it waits, hatched where nothing compares: it reads without colour.
const squares: Record<Shown, string> = {
  proven: "bg-fill",
  checking: "bg-linear-to-t from-fill from-50% to-tint to-50%",
  waits: "bg-tint ring-[1.5px] ring-fill ring-inset",
  diverging: "bg-fill",
  uncovered: "hatch-fill",
  undelivered: "ring-1 ring-line-strong ring-inset",
};
const letters = new Map<string, Shown>(proofStates.map((state) => [proofLetter[state], state]));

export function ProofSquare({ state }: { state: Shown }) {
  return (
    <span
      aria-hidden="true"
      className={cn("grid size-[12.6px] flex-none place-items-center rounded-square", toneClass[tones[state]], squares[state])}
    >
      {state === "diverging" && <span className="text-10 leading-none font-semibold text-surface">×</span>}
    </span>
  );
}

type Props = Pick<ProofView, "counts" | "grid"> & {
  chosen: ProofState | null;
  onChoose: (state: ProofState | null) => void;
};

/** One square per key, in the order of their messages, and how many stand where; each number leads to its keys. */
export function ProofGrid({ counts, grid, chosen, onChoose }: Props) {
  const shown = ([...proofStates, "undelivered"] as const).filter((state) => counts[state] > 0);
  const said = shown.map((state) => `${counts[state].toLocaleString("en-US")} ${proofWord[state].toLowerCase()}`).join(", ");
  return (
    <div className="px-3.5 py-3">
      <ul className="mb-2.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-2">
        {shown.map((state) => (
          <li key={state}>
            {state === "undelivered" ? (
              <span className="inline-flex items-center gap-1.25">
                <Legend state={state} n={counts[state]} />
              </span>
            ) : (
              <button
                type="button"
                aria-pressed={chosen === state}
                onClick={() => onChoose(chosen === state ? null : state)}
                className="inline-flex items-center gap-1.25 rounded-hair hover:underline max-md:min-h-11 aria-pressed:underline"
              >
                <Legend state={state} n={counts[state]} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {grid === null ? (
        <p className="text-ink-3">Above 2,000 keys the numbers and the list below tell.</p>
      ) : (
        <div
          role="img"
          aria-label={`${counts.total.toLocaleString("en-US")} keys: ${said}`}
          className="flex flex-wrap gap-[2.6px]"
        >
          {[...grid].map((letter, i) => (
            <ProofSquare key={i} state={letters.get(letter) ?? "undelivered"} />
          ))}
        </div>
      )}
    </div>
  );
}

function Legend({ state, n }: { state: Shown; n: number }) {
  return (
    <>
      <ProofSquare state={state} />
      {proofWord[state].toLowerCase()} <b className="text-ink">{n.toLocaleString("en-US")}</b>
    </>
  );
}
