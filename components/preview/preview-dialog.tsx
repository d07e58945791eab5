"use client";
import { keepPreviousData, type QueryKey, type UseMutationResult, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Refused } from "@/components/fetch";
import { Loaded } from "@/components/live/loaded";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { Dialog } from "@/components/ui/dialog";
import { SUBMIT_KEYS } from "@/components/ui/kbd";
import { ReasonField } from "@/components/ui/reason-field";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { submitByKey } from "@/components/ui/submit-key";
import { type Instant, minutes } from "@/lib/time";

/** A preview older than this is asked again before anything is sent. */
const AGE_MS_MAX = minutes(2);
const FORM = "previewed";

/** What is read stands still: it is asked again by whoever reads it. */
const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false } as const;

/** What every preview says: when it was made, and why it may not be confirmed at all. */
type Previewed = { now: Instant; refusal: string | null };

/** What pressing the button does, or why there is nothing to press; `note` stands beside it. */
type Confirm = { words: string; busy: string; danger?: boolean; nothing: string | null; note: string | null };

type Props<V extends Previewed, W, T> = {
  /** What is previewed, and how that is asked. */
  preview: { queryKey: QueryKey; queryFn: () => Promise<V> };
  /** While another is asked for, the one before stays in sight. */
  kept?: boolean;
  request: Pick<UseMutationResult<T, Error, W>, "mutate" | "error" | "isPending" | "isSuccess">;
  /** What is asked for when it is confirmed. */
  body: (view: V, reason: string) => W;
  title: (view: V | undefined) => string;
  note: (view: V) => ReactNode;
  /** Left: what would happen to whom. */
  outcomes: (view: V, again: () => void) => ReactNode;
  /** What is another than in the preview before, a sentence each. */
  changes?: (before: V, now: V) => string[];
  /** Right, above and below the reason. */
  above?: (view: V) => ReactNode;
  below?: ReactNode;
  /** Null: nobody has to say why. */
  reason: { least: number; short: string; placeholder: string } | null;
  words: { again: string; old: string; undone: string };
  confirm: (view: V) => Confirm;
  onClose: () => void;
};

/** Preview, reason, confirm: no act over many without saying what it does, and to whom it does nothing. */
export function PreviewDialog<V extends Previewed, W, T>(props: Props<V, W, T>) {
  const { request, reason, words } = props;
  const preview = useQuery<V>({ ...props.preview, ...once, ...(props.kept && { placeholderData: keepPreviousData as never }) });
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const { data } = preview;
  const before = useBefore(data);
  const short = reason !== null && why.trim().length < reason.least;
  const confirm = () => {
    setTried(true);
    const able = data && data.refusal === null && props.confirm(data).nothing === null;
    if (short || !able || request.isPending || request.isSuccess) return;
    // What a conflict is about has changed since the preview.
    const onError = (error: Error) => void (error instanceof Refused && error.kind === "conflict" && preview.refetch());
    request.mutate(props.body(data, why.trim()), { onError });
  };
  const again = <Again words={words.again} busy={preview.isFetching} ask={preview.refetch} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      wide
      title={props.title(data)}
      note={data && props.note(data)}
      head={data && again}
      foot={data && <Foot {...props} view={data} again={again} />}
    >
      <Loaded query={preview} what="The preview" waiting={<SkeletonBlock className="h-72" />}>
        {(view) => (
          <form
            id={FORM}
            onKeyDown={submitByKey}
            onSubmit={(event) => {
              event.preventDefault();
              confirm();
            }}
            className="grid grid-cols-1 sm:grid-cols-[minmax(0,1fr)_360px]"
          >
            <div className="px-dialog-x py-dialog-y max-md:px-4">
              <Refusal error={request.error} undone={words.undone} again={again} />
              <Changes of={before && props.changes?.(before, view)} />
              {props.outcomes(view, () => void preview.refetch())}
            </div>
            <div className="flex flex-col gap-3.75 border-l px-dialog-x py-dialog-y max-sm:border-t max-sm:border-l-0 max-md:px-4">
              {props.above?.(view)}
              {reason && (
                <ReasonField
                  value={why}
                  error={tried && short ? `${reason.short} At least ${reason.least} characters.` : null}
                  placeholder={reason.placeholder}
                  onChange={setWhy}
                />
              )}
              {props.below}
            </div>
          </form>
        )}
      </Loaded>
    </Dialog>
  );
}

/** The preview that was shown before this one. */
function useBefore<V>(data: V | undefined): V | undefined {
  const [shown, setShown] = useState<{ now: V | undefined; before: V | undefined }>({ now: data, before: undefined });
  if (data !== undefined && data !== shown.now) setShown({ now: data, before: shown.now });
  return shown.before;
}

function Changes({ of }: { of: string[] | undefined }) {
  if (of === undefined || of.length === 0) return null;
  return (
    <Banner look="at_risk" className="mb-3.5" title="Changed since the last preview">
      {of.join(" ")}
    </Banner>
  );
}

function Again({ words, busy, ask }: { words: string; busy: boolean; ask: () => unknown }) {
  return (
    <Button size="sm" busy={busy && "Looking"} onClick={() => void ask()}>
      {words}
    </Button>
  );
}

function Refusal({ error, undone, again }: { error: Error | null; undone: string; again: ReactNode }) {
  if (!(error instanceof Refused)) return null;
  return (
    <Banner look="at_risk" className="mb-3.5" title={error.message} actions={error.kind === "conflict" && again}>
      {undone}
    </Banner>
  );
}

type FootProps<V extends Previewed, W, T> = Props<V, W, T> & { view: V; again: ReactNode };

function Foot<V extends Previewed, W, T>({ view, again, request, words, confirm, onClose }: FootProps<V, W, T>) {
  const now = useNow();
  const old = now !== null && now - view.now > AGE_MS_MAX;
  const { nothing, note, busy, danger, words: pressed } = confirm(view);
  const said = view.refusal ?? (old ? words.old : note);
  return (
    <>
      {said && <p className="min-w-0 flex-1 basis-56 text-12 text-ink-2">{said}</p>}
      <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
        Cancel
      </Button>
      {old ? (
        again
      ) : (
        <Button
          type="submit"
          form={FORM}
          tone={danger ? "danger" : "primary"}
          busy={(request.isPending || request.isSuccess) && busy}
          blocked={view.refusal ?? nothing}
          shortcut={SUBMIT_KEYS}
        >
          {pressed}
        </Button>
      )}
    </>
  );
}
