"use client";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ReasonField } from "@/components/ui/reason-field";
import { submitByKey } from "@/components/ui/submit-key";
import { holdLimits } from "@/lib/sagas/rules";
import { counted } from "@/lib/words";
import { requestRelease, type SagaChoice } from "./actions";
import { useWish } from "./use-wish";

type Props = { selection: SagaChoice; n: number; pastN: number; onClose: () => void };

/** To let compensations go: those that are past their deadline start at once, so it asks why. */
export function ReleaseDialog({ selection, n, pastN, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const wish = useWish(requestRelease, onClose);
  const short = reason.trim().length < holdLimits.reasonLengthMin;
  const confirm = () => {
    setTried(true);
    if (!short && !wish.isPending) wish.mutate({ selection, reason: reason.trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Release compensations of ${counted(n, "saga")}`}
      foot={
        <>
          <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form="release" tone="danger" busy={wish.isPending && "Releasing"} shortcut="⌘⏎">
            Release {n.toLocaleString("en-US")}
          </Button>
        </>
      }
    >
      <form
        id="release"
        className="flex flex-col gap-3.5 px-[22px] py-[18px] max-md:px-4"
        onKeyDown={submitByKey}
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        {wish.error instanceof Refused && (
          <Banner look="at_risk" title={wish.error.message}>
            Nothing was released.
          </Banner>
        )}
        <p className="text-ink-2">
          {pastN > 0
            ? `${counted(pastN, "of them is", "of them are")} past the deadline and ${pastN === 1 ? "starts" : "start"} to compensate at once; what is undone cannot be done again.`
            : "None is past its deadline: each goes on as if it had not been held."}
        </p>
        <ReasonField
          value={reason}
          error={tried && short ? `Say why they may go on. At least ${holdLimits.reasonLengthMin} characters.` : null}
          placeholder="Why may they go on?"
          onChange={setReason}
        />
      </form>
    </Dialog>
  );
}
