"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { operationHref, operationName } from "@/components/operations/words";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { Field } from "@/components/ui/field";
import { LiveAgo } from "@/components/ui/live-age";
import { toast } from "@/components/ui/toast";
import type { PreviewView } from "@/lib/dead-letters/views";
import { noPlan } from "@/lib/operations/plan.rules";
import { counted } from "@/lib/words";
import { askPreview, requestAct } from "./actions";
import { PlanFields } from "./plan-fields";
import { confirmWords, planIn, planText } from "./plan-text";
import { PreviewOutcomes } from "./preview-outcomes";
import { type Act, actWord, aloneWords, previewTitle, reasonAsked, type Selection } from "./words";

type Props = { act: Act; selection: Selection; onClose: () => void };

const words = { again: "Preview again", old: "The preview is older than 2 min.", undone: "Nothing was sent." };

/** What a retry or a discard would do, and the way to ask for it. */
export function ActDialog({ act, selection, onClose }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const [ticket, setTicket] = useState("");
  const [plan, setPlan] = useState(planText);
  const request = useIntent(requestAct, {
    onSuccess: ({ operationId, itemsN, awaiting }) => {
      const what = `${actWord[act].done} of ${counted(itemsN, "message")} recorded as ${operationName(operationId)}`;
      toast(awaiting ? `${what}; it waits for a second person` : what);
      client.invalidateQueries({ queryKey: ["dead-letters"] });
      client.invalidateQueries({ queryKey: ["operations"] });
      router.push(operationHref(operationId));
      onClose();
    },
  });
  return (
    <PreviewDialog
      preview={{ queryKey: ["dead-letters", "preview", act, selection], queryFn: () => askPreview(act, selection) }}
      request={request}
      body={(view, why) => ({
        ...{ act, selection: { ...selection, asOf: view.now }, reason: why, ticket: ticket.trim() || null },
        ...(act === "retry" && { plan: planIn(plan, view.messagesN).plan }),
      })}
      title={(view) => (view ? previewTitle(act, view) : `${actWord[act].verb} parked messages`)}
      note={({ now }) => (
        <>
          Previewed <LiveAgo at={now} asOf={now} /> against what Accord last saw. Every message is checked again when its turn
          comes.
        </>
      )}
      outcomes={(view) => <PreviewOutcomes act={act} view={view} />}
      above={(view) => act === "retry" && <PlanFields text={plan} itemsN={view.messagesN} onChange={setPlan} />}
      below={<Field label="Ticket" note="optional" value={ticket} maxLength={200} onText={setTicket} />}
      reason={reasonAsked[act]}
      words={words}
      confirm={(view) => confirmOf(act, view, planIn(plan, view.messagesN))}
      onClose={onClose}
    />
  );
}

function confirmOf(
  act: Act,
  { messagesN, approvals, retryAbove, retryLeft }: PreviewView,
  { plan, problem }: ReturnType<typeof planIn>,
) {
  const four = approvals > 0;
  const free = act === "retry" && retryAbove !== null;
  return {
    words: four ? "Ask for approval" : confirmWords(actWord[act].verb, messagesN, act === "retry" ? plan : noPlan),
    busy: four ? "Asking" : actWord[act].busy,
    danger: act === "discard",
    nothing: messagesN === 0 ? "There is nothing left to act on." : act === "retry" ? problem : null,
    note: four
      ? `It needs ${approvals === 1 ? "a second person" : `${approvals} more people`}: nothing happens before it is approved, for 24 h at most.${free && retryLeft !== null && retryLeft < retryAbove ? ` ${aloneWords(retryAbove, retryLeft)}` : ""}`
      : free
        ? aloneWords(retryAbove, retryLeft ?? retryAbove)
        : null,
  };
}
