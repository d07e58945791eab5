"use client";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useIntent } from "@/components/intent";
import { OutcomeRow } from "@/components/preview/outcome-row";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { Icon } from "@/components/ui/icons";
import { LiveAgo } from "@/components/ui/live-age";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import type { BulkAct, BulkAsked } from "@/lib/cases/bulk.rules";
import { resolutions } from "@/lib/cases/rules";
import type { BulkPreview } from "@/lib/cases/views";
import { caseName, resolutionWord } from "@/lib/cases/words";
import { hours, minutes } from "@/lib/time";
import { counted } from "@/lib/words";
import { askBulkPreview, requestBulk } from "./actions";
import { bulkDone, bulkReason, bulkWord, leftOutOf } from "./bulk-words";

const spans = { "1 h": hours(1), "4 h": hours(4), "24 h": hours(24), "7 days": hours(24 * 7) - minutes(1) } as const;
type Span = keyof typeof spans;
const ways = resolutions.filter((one) => one !== "accepted");
const words = { again: "Look again", old: "This was looked at more than 2 min ago.", undone: "No case was changed." };

type Props = { act: BulkAct; cases: string[]; me: string; onDone: () => void; onClose: () => void };

/** What would become of each of several cases, and the way to ask for it. */
export function CaseBulkDialog({ act, cases, me, onDone, onClose }: Props) {
  const client = useQueryClient();
  const [opened] = useState(() => Date.now());
  const [span, setSpan] = useState<Span>("1 h");
  const [way, setWay] = useState<(typeof ways)[number]>("converged");
  const asked: BulkAsked =
    act === "assign"
      ? { act, to: me }
      : act === "snooze"
        ? { act, until: opened + spans[span] }
        : act === "resolve"
          ? { act, resolution: way }
          : { act };
  const request = useIntent(requestBulk, {
    onSuccess: (answer) => {
      toast(bulkDone(act, answer));
      onDone();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["cases"] }),
  });
  const choice: Partial<Record<BulkAct, ReactNode>> = {
    snooze: <Segmented label="Snooze for" value={span} onChange={setSpan} options={spanOptions} />,
    resolve: <Ways way={way} setWay={setWay} />,
  };
  return (
    <PreviewDialog
      preview={{
        queryKey: ["cases", "preview", cases, asked],
        queryFn: async () => ({ ...(await askBulkPreview({ cases, ...asked })), refusal: null }),
      }}
      request={request}
      body={(_, why) => ({ cases, ...asked, ...(act === "resolve" && { reason: why }) })}
      title={() => `${bulkWord[act].verb} ${counted(cases.length, "case")}`}
      note={({ now }) => (
        <>
          As of <LiveAgo at={now} asOf={now} />. Each is looked at again when its turn comes.
        </>
      )}
      outcomes={(view) => <Outcomes act={act} view={view} />}
      above={() => choice[act]}
      reason={act === "resolve" ? bulkReason : null}
      words={words}
      confirm={(view) => {
        const { doneN } = leftOutOf(view);
        const nothing = doneN === 0 ? "Nothing of this can be done." : null;
        return {
          words: `${bulkWord[act].verb} ${doneN.toLocaleString("en-US")}`,
          busy: bulkWord[act].busy,
          nothing,
          note: nothing,
        };
      }}
      onClose={onClose}
    />
  );
}

const spanOptions = (Object.keys(spans) as Span[]).map((value) => ({ value, label: value }));

function Ways({ way, setWay }: { way: (typeof ways)[number]; setWay: (way: (typeof ways)[number]) => void }) {
  return (
    <fieldset>
      <legend className="text-12 font-medium">How they are resolved</legend>
      {ways.map((one) => (
        <label key={one} className="flex cursor-pointer items-center gap-2.5 py-1 max-md:py-2.5">
          <input
            type="radio"
            name="way"
            checked={way === one}
            onChange={() => setWay(one)}
            className="size-3.75 flex-none accent-accent-fill"
          />
          {resolutionWord[one]}
        </label>
      ))}
    </fieldset>
  );
}

function Outcomes({ act, view }: { act: BulkAct; view: BulkPreview }) {
  const { doneN, leftOut } = leftOutOf(view);
  return (
    <>
      <h3 className="font-semibold">What will happen</h3>
      <ul className="mt-1.5">
        <OutcomeRow n={doneN} glyph={<Icon name="check" className="mt-0.5 text-accent" />}>
          <p>{bulkWord[act].will}</p>
        </OutcomeRow>
        {leftOut.map(({ why, cases }) => (
          <OutcomeRow key={why} n={cases.length} glyph={<Icon name="pause" className="mt-0.5 text-ink-3" />}>
            <p>{why}</p>
            <p className="text-12 text-ink-3">
              Left as {cases.length === 1 ? "it is" : "they are"}: {namesOf(cases)}
            </p>
          </OutcomeRow>
        ))}
      </ul>
    </>
  );
}

const NAMED = 6;
const namesOf = (cases: readonly string[]): string =>
  cases.length > NAMED
    ? `${cases.slice(0, NAMED).map(caseName).join(", ")} and ${cases.length - NAMED} more`
    : cases.map(caseName).join(", ");
