"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { Dialog } from "@/components/ui/dialog";
import { LiveAgo } from "@/components/ui/live-age";
import { Loaded } from "@/components/ui/loaded";
import { ReasonField } from "@/components/ui/reason-field";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { submitByKey } from "@/components/ui/submit-key";
import { When } from "@/components/ui/when";
import { holdLimits } from "@/lib/sagas/rules";
import type { HoldPreviewView } from "@/lib/sagas/views";
import { minutes } from "@/lib/time";
import { counted } from "@/lib/words";
import { askHoldPreview, requestHold, type SagaChoice } from "./actions";
import { HoldOutcomes } from "./hold-outcomes";
import { useWish } from "./use-wish";

const spans = [
  { value: "15", label: "15 min" },
  { value: "60", label: "1 h" },
  { value: "240", label: "4 h" },
  { value: "1440", label: "24 h" },
] as const;
type Span = (typeof spans)[number]["value"];

/** Sagas move while one reads: a preview older than this is asked again before anything is sent. */
const PREVIEW_AGE_MS_MAX = minutes(2);

/** What will be held, until when, and why: no hold without saying what it does, and what it does not. */
export function HoldDialog({ selection, onClose }: { selection: SagaChoice; onClose: () => void }) {
  const preview = useQuery({
    queryKey: ["sagas", "preview", selection],
    queryFn: () => askHoldPreview(selection),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const [span, setSpan] = useState<Span>("15");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const wish = useWish(requestHold, onClose);
  const { data } = preview;
  const short = reason.trim().length < holdLimits.reasonLengthMin;
  const confirm = () => {
    setTried(true);
    if (short || !data || data.refusal !== null || data.sagasN === 0 || wish.isPending) return;
    wish.mutate({ selection, minutes: Number(span), reason: reason.trim() });
  };
  const again = (
    <Button size="sm" busy={preview.isFetching && "Looking"} onClick={() => preview.refetch()}>
      Look again
    </Button>
  );
  const refusal = wish.error instanceof Refused ? wish.error : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      wide
      title={data ? `Hold compensations of ${counted(data.sagasN, "saga")}` : "Hold compensations"}
      note={
        data && (
          <>
            As of <LiveAgo at={data.now} asOf={data.now} />. Each is looked at again when its service is told.
          </>
        )
      }
      head={data && again}
      foot={data && <Foot data={data} span={span} busy={wish.isPending} again={again} onClose={onClose} />}
    >
      <Loaded query={preview} what="The preview" waiting={<SkeletonBlock className="h-64" />}>
        {(view) => (
          <form
            id="hold"
            onKeyDown={submitByKey}
            onSubmit={(event) => {
              event.preventDefault();
              confirm();
            }}
            className="grid grid-cols-1 sm:grid-cols-[minmax(0,1fr)_360px]"
          >
            <div className="px-[22px] py-[18px] max-md:px-4">
              {refusal && (
                <Banner look="at_risk" className="mb-3.5" title={refusal.message} actions={refusal.kind === "conflict" && again}>
                  Nothing was held.
                </Banner>
              )}
              <HoldOutcomes view={view} />
            </div>
            <div className="flex flex-col gap-[15px] border-l px-[22px] py-[18px] max-sm:border-t max-sm:border-l-0 max-md:px-4">
              <div className="flex flex-col gap-1">
                <p className="text-12 font-medium">Hold for</p>
                <Segmented label="Hold for" value={span} onChange={setSpan} options={[...spans]} />
                <p className="text-12 text-ink-3">
                  <Until span={span} asOf={view.now} /> They go on by themselves then, or when somebody releases them.
                </p>
              </div>
              <ReasonField
                value={reason}
                error={
                  tried && short ? `Say what will be done meanwhile. At least ${holdLimits.reasonLengthMin} characters.` : null
                }
                placeholder="What will be done meanwhile?"
                onChange={setReason}
              />
            </div>
          </form>
        )}
      </Loaded>
    </Dialog>
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

type FootProps = { data: HoldPreviewView; span: Span; busy: boolean; again: React.ReactNode; onClose: () => void };

function Foot({ data, span, busy, again, onClose }: FootProps) {
  const now = useNow();
  const old = now !== null && now - data.now > PREVIEW_AGE_MS_MAX;
  const nothing = data.sagasN === 0 ? "Nothing of this runs any more." : null;
  const note = data.refusal ?? nothing ?? (old ? "This was looked at more than 2 min ago." : null);
  return (
    <>
      {note && <p className="min-w-0 flex-1 basis-56 text-12 text-ink-2">{note}</p>}
      <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
        Cancel
      </Button>
      {old ? (
        again
      ) : (
        <Button type="submit" form="hold" tone="primary" busy={busy && "Holding"} blocked={data.refusal ?? nothing} shortcut="⌘⏎">
          Hold {data.sagasN.toLocaleString("en-US")} for {spans.find(({ value }) => value === span)!.label}
        </Button>
      )}
    </>
  );
}
