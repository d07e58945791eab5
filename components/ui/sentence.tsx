import { Fragment } from "react";
import type { Part } from "@/lib/words";
import { cn } from "./cn";
import { Link } from "./link";
import { Moment } from "./moment";

const look = (part: Part): string =>
  cn(
    part.strong && "font-semibold text-ink",
    part.tone === "breach" && "text-breach-fg",
    part.tone === "risk" && "text-risk-fg",
    // An identifier stays whole; an error's words are as long as they are.
    part.code && cn("mono text-ink", part.text.includes(" ") ? "[overflow-wrap:anywhere]" : "whitespace-nowrap"),
    part.href && "underline decoration-1 decoration-ink-mute underline-offset-4 hover:decoration-current",
  );

// Service names do not wrap at their hyphens.
const hyphened = /([a-z][a-z0-9]*(?:-[a-z0-9]+)+)/;
const kept = (text: string) =>
  hyphened.test(text)
    ? text.split(hyphened).map((piece, i) =>
        i % 2 === 1 ? (
          <span key={i} className="whitespace-nowrap">
            {piece}
          </span>
        ) : (
          piece
        ),
      )
    : text;

/** A sentence made of parts: weight, tone and links are set here, words are made in lib. */
export function Sentence({ parts }: { parts: Part[] }) {
  return parts.map((part, i) => {
    // What somebody wrote leads elsewhere, which is told nothing of where one came from.
    if (part.href?.startsWith("http"))
      return (
        <a
          key={i}
          href={part.href}
          target="_blank"
          rel="noopener noreferrer"
          className={cn(look(part), "[overflow-wrap:anywhere]")}
        >
          {part.text}
        </a>
      );
    if (part.href)
      return (
        <Link key={i} href={part.href} className={look(part)}>
          {kept(part.text)}
        </Link>
      );
    const classes = look(part);
    if (part.at !== undefined) return <Moment key={i} at={part.at} utc={part.text} className={classes} />;
    return classes ? (
      <span key={i} className={classes}>
        {kept(part.text)}
      </span>
    ) : (
      <Fragment key={i}>{kept(part.text)}</Fragment>
    );
  });
}

/** The one sentence a screen opens with. */
export function LeadSentence({ parts, className }: { parts: Part[]; className?: string }) {
  return (
    <h1
      className={cn(
        "max-w-270 text-pretty [&_.font-semibold]:font-medium text-22 tracking-title text-ink-2 max-md:text-19 max-md:leading-6.5",
        className,
      )}
    >
      <Sentence parts={parts} />
    </h1>
  );
}
