import { cn } from "@/components/ui/cn";

const looks: Record<string, { className: string; word: string }> = {
  b: { className: "h-4 v-breach hatch-fill", word: "breached" },
  r: { className: "h-3 v-risk bg-fill", word: "at risk" },
  c: { className: "h-1.75 v-conv bg-fill", word: "converging" },
  h: { className: "h-[2.5px] v-ok bg-fill", word: "healthy" },
  u: { className: "h-1.75 border border-dotted border-ink-mute", word: "no data" },
};
const blank = { className: "h-0", word: "not judged" };

/** The spoken form of a strip: how many minutes in each verdict, worst first. */
function stripSummary(title: string, letters: string): string {
  const parts = Object.entries(looks).flatMap(([letter, { word }]) => {
    const n = [...letters].filter((each) => each === letter).length;
    return n === 0 ? [] : [`${n} min ${word}`];
  });
  return `${title}: ${parts.join(", ") || "not judged yet"}`;
}

/** One column a minute; the height repeats what the colour says. */
export function VerdictStrip({ title, letters }: { title: string; letters: string }) {
  return (
    <div
      role="img"
      aria-label={stripSummary(title, letters)}
      className="flex h-5 items-end gap-px border-b border-grid sm:gap-0.5"
    >
      {[...letters].map((letter, i) => (
        <span key={i} className={cn("min-w-0 flex-1 rounded-hair", (looks[letter] ?? blank).className)} />
      ))}
    </div>
  );
}
