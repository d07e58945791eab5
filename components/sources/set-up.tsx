"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Flag } from "@/components/ui/badge";
import { LiveAgo } from "@/components/ui/live-age";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { SourceCheck, SourceRow } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import { CheckGlyph } from "./check-glyph";
import { setUpQuery } from "./queries";
import { checkLook, checkTitle, setUpWords } from "./words";

/** Whether a source is set up as Accord needs it: in one line, and unfolded check by check with what to do. */
export function SetUp({ source, now }: { source: SourceRow; now: Instant }) {
  const [open, setOpen] = useState(false);
  const { tone, text } = setUpWords(source.setUp);
  return (
    <details className="border-t px-3.5 py-2.5" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-12 text-ink-2">
        Set-up:{" "}
        {tone === null ? (
          text
        ) : (
          <span className="[&_span]:whitespace-normal">
            <Flag tone={tone}>{text}</Flag>
          </span>
        )}
        {source.setUp && (
          <span className="text-ink-3">
            , checked <LiveAgo at={source.setUp.checkedAt} asOf={now} />
          </span>
        )}
      </summary>
      {open && <Checks sourceId={source.sourceId} />}
    </details>
  );
}

function Checks({ sourceId }: { sourceId: string }) {
  const query = useQuery(setUpQuery(sourceId));
  return (
    <Loaded query={query} what="The checks" waiting={<SkeletonBlock />}>
      {({ checks }) =>
        checks.length === 0 ? (
          <p className="mt-2 text-12 text-ink-3">
            No worker has checked it yet. One does within minutes; `npm run source:check -- {sourceId}` does it now.
          </p>
        ) : (
          <ul className="mt-2 space-y-1.5 text-12">
            {checks.map((check) => (
              <Check key={check.check} check={check} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Check({ check: { check, state, sentence, todo } }: { check: SourceCheck }) {
  const { tone, word } = checkLook[state];
  return (
    <li className="grid grid-cols-[1rem_1fr] gap-x-2">
      <CheckGlyph state={state} tone={tone} label={word} />
      <p>
        <b className="font-semibold">{checkTitle[check]}.</b> {sentence}
        {todo !== null && <span className="mt-0.5 block text-ink-2">{todo}</span>}
      </p>
    </li>
  );
}
