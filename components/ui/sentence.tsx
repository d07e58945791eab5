import Link from "next/link";
import type { Part } from "@/lib/words";
import { cn } from "./cn";

const look = (part: Part): string =>
  cn(
    part.strong && "font-semibold text-ink",
    part.tone === "breach" && "text-breach-fg",
    part.tone === "risk" && "text-risk-fg",
    part.code && "mono whitespace-nowrap text-ink",
    part.href && "underline decoration-1 decoration-ink-mute underline-offset-4 hover:decoration-current",
  );

/** A sentence made of parts: weight, tone and links are set here, words are made in lib. */
export function Sentence({ parts }: { parts: Part[] }) {
  return parts.map((part, i) => {
    if (part.href)
      return (
        <Link key={i} href={part.href} className={look(part)}>
          {part.text}
        </Link>
      );
    const classes = look(part);
    return classes ? (
      <span key={i} className={classes}>
        {part.text}
      </span>
    ) : (
      part.text
    );
  });
}

/** The one sentence a screen opens with. */
export function LeadSentence({ parts, className }: { parts: Part[]; className?: string }) {
  return (
    <h1
      className={cn(
        "max-w-[1080px] text-pretty text-22 tracking-[-0.014em] text-ink-2 max-md:text-[19px] max-md:leading-[26px]",
        className,
      )}
    >
      <Sentence parts={parts} />
    </h1>
  );
}
