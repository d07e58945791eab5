"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Flag } from "@/components/ui/badge";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { SourceCheck, SourceRow } from "@/lib/sources/views";
import type { Instant } from "@/lib/time";
import { CheckGlyph } from "./check-glyph";
import { setUpQuery } from "./queries";
import { checkLook, checkTitle, setUpWords } from "./words";

/** Whether a source is set up as Accord needs it, in one line. */
export function SetUpLine({ source, now, titled = true }: { source: SourceRow; now: Instant; titled?: boolean }) {
  const { tone, text } = setUpWords(source.setUp);
  return (
    <span className="text-12 text-ink-2">
      {titled && "Set-up: "}
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
    </span>
  );
}

/** The same check by check, with what to do. */
export function SetUpPanel({ source, now }: { source: SourceRow; now: Instant }) {
  const query = useQuery(setUpQuery(source.sourceId));
  return (
    <Panel>
      <PanelHead title="Set-up" note={<SetUpLine source={source} now={now} titled={false} />} />
      <div className="px-3.5 py-2.5">
        <Loaded query={query} what="The checks" waiting={<SkeletonBlock />}>
          {({ checks }) => <Checks sourceId={source.sourceId} checks={checks} />}
        </Loaded>
      </div>
    </Panel>
  );
}

function Checks({ sourceId, checks }: { sourceId: string; checks: readonly SourceCheck[] }) {
  if (checks.length === 0)
    return (
      <p className="text-12 text-ink-3">
        No worker has checked it yet. One does within minutes; `npm run source:check -- {sourceId}` does it now.
      </p>
    );
  return (
    <ul className="space-y-1.5 text-12">
      {checks.map((check) => (
        <Check key={check.check} check={check} />
      ))}
    </ul>
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
