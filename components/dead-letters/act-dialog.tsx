"use client";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useRecorded } from "@/components/operations/use-recorded";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { Field } from "@/components/ui/field";
import { LiveAgo } from "@/components/ui/live-age";
import type { PreviewView } from "@/lib/operations/views";
import { askPreview, previewedIn, requestRetry } from "./actions";
import { changedWords } from "./forecast-words";
import { PlanFields } from "./plan-fields";
import { confirmWords, planIn, planText } from "./plan-text";
import { PreviewOutcomes } from "./preview-outcomes";
import { aloneWords, previewTitle, reasonAsked, type Selection } from "./words";

type Props = { selection: Selection; onClose: () => void };

const words = { again: "Preview again", old: "The preview is older than 2 min.", undone: "Nothing was sent." };

/** What a retry would do, and the way to ask for it. */
export function ActDialog({ selection, onClose }: Props) {
  const [ticket, setTicket] = useState("");
  const [plan, setPlan] = useState(planText);
  const recorded = useRecorded(onClose);
  const request = useIntent(requestRetry, { onSuccess: (made) => recorded("Retry", made) });
  return (
    <PreviewDialog
      preview={{ queryKey: ["dead-letters", "preview", "retry", selection], queryFn: () => askPreview(selection) }}
      request={request}
      body={(view, why) => ({
        ...{ selection: { ...selection, asOf: view.now }, previewed: previewedIn(view) },
        ...{ reason: why, ticket: ticket.trim() || null, plan: planIn(plan, view.messagesN).plan },
      })}
      title={(view) => (view ? previewTitle(view) : "Retry parked messages")}
      note={({ now }) => (
        <>
          Previewed <LiveAgo at={now} asOf={now} /> against what Accord last saw. Every message is checked again when its turn
          comes.
        </>
      )}
      outcomes={(view, again) => <PreviewOutcomes view={view} again={again} />}
      changes={changedWords}
      above={(view) => <PlanFields text={plan} itemsN={view.messagesN} rates={view.rates} onChange={setPlan} />}
      below={<Field label="Ticket" note="optional" value={ticket} maxLength={200} onText={setTicket} />}
      reason={reasonAsked}
      words={words}
      confirm={(view) => confirmOf(view, planIn(plan, view.messagesN))}
      onClose={onClose}
    />
  );
}

function confirmOf({ messagesN, approvals, retryAbove, retryLeft }: PreviewView, { plan, problem }: ReturnType<typeof planIn>) {
  const four = approvals > 0;
  const alone = retryAbove === null ? null : aloneWords(retryAbove, retryLeft ?? retryAbove);
  const some = retryAbove !== null && retryLeft !== null && retryLeft < retryAbove;
  return {
    words: four ? "Ask for approval" : confirmWords("Retry", messagesN, plan),
    busy: four ? "Asking" : "Sending",
    nothing: messagesN === 0 ? "There is nothing left to act on." : problem,
    note: four
      ? `It needs ${approvals === 1 ? "a second person" : `${approvals} more people`}: nothing happens before it is approved, for 24 h at most.${some ? ` ${alone}` : ""}`
      : alone,
  };
}
