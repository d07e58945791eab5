import { countText, percentText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { Sentence } from "@/components/ui/sentence";
import type { CauseView } from "@/lib/objectives/views";

/** What used a budget up: each cause with its part of what was missed, leading to where it is looked at. */
export function CauseList({ causes, otherN = 0 }: { causes: CauseView[]; otherN?: number }) {
  return (
    <ul className="text-12">
      {causes.map((cause) => (
        <li key={cause.title.map(({ text }) => text).join("")} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 py-1">
          <Link href={cause.href} className="min-w-0 [overflow-wrap:anywhere] hover:underline">
            <Sentence parts={cause.title} />
          </Link>
          <span className="whitespace-nowrap text-right text-ink-2">
            {countText(cause.missedN)} <span className="text-ink-3">· {percentText(cause.share)}</span>
          </span>
          <span aria-hidden="true" className="v-breach col-span-2 mt-1 h-1 bg-track">
            <span className="block h-full bg-fill" style={{ width: `${Math.max(0.5, cause.share * 100)}%` }} />
          </span>
        </li>
      ))}
      {otherN > 0 && <li className="py-1 text-ink-3">{countText(otherN)} others, of further causes</li>}
    </ul>
  );
}
