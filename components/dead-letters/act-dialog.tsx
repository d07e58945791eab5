"use client";
import { useQuery } from "@tanstack/react-query";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { LiveAgo } from "@/components/ui/live-age";
import { Loaded } from "@/components/ui/loaded";
import { ReasonField } from "@/components/ui/reason-field";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { submitByKey } from "@/components/ui/submit-key";
import type { PreviewView } from "@/lib/dead-letters/views";
import { minutes } from "@/lib/time";
import { counted } from "@/lib/words";
import { useActForm } from "./act-form";
import { askPreview } from "./actions";
import { PreviewOutcomes } from "./preview-outcomes";
import { type Act, actWord, previewTitle, type Selection } from "./words";

/** A preview older than this is asked again before anything is sent. */
const PREVIEW_AGE_MS_MAX = minutes(2);

type Props = { act: Act; selection: Selection; onClose: () => void };

/** Preview, reason, confirm: no act without saying what it does, and to whom it does nothing. */
export function ActDialog({ act, selection, onClose }: Props) {
  const preview = useQuery({
    queryKey: ["dead-letters", "preview", act, selection],
    queryFn: () => askPreview(act, selection),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const again = (
    <Button size="sm" busy={preview.isFetching && "Looking"} onClick={() => preview.refetch()}>
      Preview again
    </Button>
  );
  const { data } = preview;
  const form = useActForm(act, selection, data, () => preview.refetch(), onClose);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      wide
      title={data ? previewTitle(act, data) : `${actWord[act].verb} parked messages`}
      note={
        data && (
          <>
            Previewed <LiveAgo at={data.now} asOf={data.now} /> against what Accord last saw. Every message is checked again when
            its turn comes.
          </>
        )
      }
      head={data && again}
      foot={data && <Foot act={act} data={data} form={form} again={again} onClose={onClose} />}
    >
      <Loaded query={preview} what="The preview" waiting={<SkeletonBlock className="h-72" />}>
        {(view) => (
          <form
            id="act"
            onKeyDown={submitByKey}
            onSubmit={(event) => {
              event.preventDefault();
              form.confirm();
            }}
            className="grid grid-cols-1 sm:grid-cols-[minmax(0,1fr)_360px]"
          >
            <div className="px-[22px] py-[18px] max-md:px-4">
              {form.refusal && (
                <Banner
                  look="at_risk"
                  className="mb-3.5"
                  title={form.refusal.message}
                  actions={form.refusal.kind === "conflict" && again}
                >
                  Nothing was sent.
                </Banner>
              )}
              <PreviewOutcomes act={act} view={view} />
            </div>
            <div className="flex flex-col gap-[15px] border-l px-[22px] py-[18px] max-sm:border-t max-sm:border-l-0 max-md:px-4">
              <ReasonField
                value={form.reason}
                error={form.reasonError}
                placeholder="What changed since they failed?"
                onChange={form.setReason}
              />
              <Field label="Ticket" note="optional">
                {({ id }) => (
                  <Input id={id} value={form.ticket} maxLength={200} onChange={(event) => form.setTicket(event.target.value)} />
                )}
              </Field>
            </div>
          </form>
        )}
      </Loaded>
    </Dialog>
  );
}

type Form = ReturnType<typeof useActForm>;

function Foot({
  act,
  data,
  form,
  again,
  onClose,
}: {
  act: Act;
  data: PreviewView;
  form: Form;
  again: React.ReactNode;
  onClose: () => void;
}) {
  const now = useNow();
  const old = now !== null && now - data.now > PREVIEW_AGE_MS_MAX;
  const nothing = data.messagesN === 0 ? "There is nothing left to act on." : null;
  const four = data.approvals > 0;
  const above = four
    ? `It needs ${data.approvals === 1 ? "a second person" : `${data.approvals} more people`}: nothing happens before it is approved, for 24 h at most.`
    : act === "retry" && data.retryAbove !== null
      ? `Up to ${counted(data.retryAbove, "message")} may be retried without a second person.`
      : null;
  return (
    <>
      <p className="min-w-0 flex-1 basis-56 text-12 text-ink-2">
        {data.refusal ?? (old ? "The preview is older than 2 min." : above)}
      </p>
      <Button shortcut="Esc" onClick={onClose}>
        Cancel
      </Button>
      {old ? (
        again
      ) : (
        <Button
          type="submit"
          form="act"
          tone={act === "discard" ? "danger" : "primary"}
          busy={form.pending && (four ? "Asking" : actWord[act].busy)}
          blocked={data.refusal ?? nothing}
          shortcut="⌘⏎"
        >
          {four ? "Ask for approval" : `${actWord[act].verb} ${data.messagesN.toLocaleString("en-US")}`}
        </Button>
      )}
    </>
  );
}
