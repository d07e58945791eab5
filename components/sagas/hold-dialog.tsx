"use client";
import { useState } from "react";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { useNow } from "@/components/ui/clock";
import { LiveAgo } from "@/components/ui/live-age";
import { Segmented } from "@/components/ui/segmented";
import { When } from "@/components/ui/when";
import { holdLimits } from "@/lib/sagas/rules";
import { minutes } from "@/lib/time";
import { counted } from "@/lib/words";
import { askHoldPreview, requestHold, type SagaChoice } from "./actions";
import { HoldOutcomes } from "./hold-outcomes";
import { useHoldRequest } from "./use-hold-request";

const spans = [
  { value: "15", label: "15 min" },
  { value: "60", label: "1 h" },
  { value: "240", label: "4 h" },
  { value: "1440", label: "24 h" },
] as const;
type Span = (typeof spans)[number]["value"];

const reason = {
  least: holdLimits.reasonLengthMin,
  short: "Say what will be done meanwhile.",
  placeholder: "What will be done meanwhile?",
};
const words = { again: "Look again", old: "This was looked at more than 2 min ago.", undone: "Nothing was held." };

/** What will be held, until when, and why. */
export function HoldDialog({ selection, onClose }: { selection: SagaChoice; onClose: () => void }) {
  const [span, setSpan] = useState<Span>("15");
  const request = useHoldRequest(requestHold, onClose);
  return (
    <PreviewDialog
      preview={{ queryKey: ["sagas", "preview", selection], queryFn: () => askHoldPreview(selection) }}
      request={request}
      body={(_, why) => ({ selection, minutes: Number(span), reason: why })}
      title={(view) => (view ? `Hold compensations of ${counted(view.sagasN, "saga")}` : "Hold compensations")}
      note={({ now }) => (
        <>
          As of <LiveAgo at={now} asOf={now} />. Each is looked at again when its service is told.
        </>
      )}
      outcomes={(view) => <HoldOutcomes view={view} />}
      above={({ now }) => (
        <div className="flex flex-col gap-1">
          <p className="text-12 font-medium">Hold for</p>
          <Segmented label="Hold for" value={span} onChange={setSpan} options={[...spans]} />
          <p className="text-12 text-ink-3">
            <Until span={span} asOf={now} /> They go on by themselves then, or when somebody releases them.
          </p>
        </div>
      )}
      reason={reason}
      words={words}
      confirm={({ sagasN }) => {
        const nothing = sagasN === 0 ? "Nothing of this runs any more." : null;
        const label = spans.find(({ value }) => value === span)!.label;
        return { words: `Hold ${sagasN.toLocaleString("en-US")} for ${label}`, busy: "Holding", nothing, note: nothing };
      }}
      onClose={onClose}
    />
  );
}

function Until({ span, asOf }: { span: Span; asOf: number }) {
  const now = useNow() ?? asOf;
  return (
    <>
      Until <When at={now + minutes(Number(span))} now={now} />.
    </>
  );
}
