"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useIntent } from "@/components/intent";
import { meQuery } from "@/components/shell/queries";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { type Approval, whyEnded, whyNoVote } from "@/lib/approvals/rules";
import { type Decision, requestDecision } from "./actions";

const looks: Record<Decision, { word: string; busy: string; tone: "primary" | "default" | "ghost" }> = {
  approve: { word: "Approve", busy: "Approving", tone: "primary" },
  refuse: { word: "Refuse", busy: "Refusing", tone: "default" },
  withdraw: { word: "Withdraw", busy: "Withdrawing", tone: "ghost" },
};

/** What one may still say about a request: yes or no as a further person, or take back one's own. */
export function DecisionButtons({ approval, now }: { approval: Approval; now: number }) {
  const client = useQueryClient();
  const clock = useNow();
  const { data: me } = useQuery(meQuery());
  const mutation = useIntent((decision: Decision, key) => requestDecision(approval.approvalId, decision, key), {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries(),
  });
  if (!me) return null;
  const at = Math.max(now, clock ?? 0);
  const own = me.actor.operatorId === approval.requestedBy;
  const blocked = whyNoVote(approval, me.actor, at);
  const button = (decision: Decision, why: string | null) => (
    <Button
      size="sm"
      tone={looks[decision].tone}
      blocked={why}
      busy={mutation.isPending && mutation.variables === decision && looks[decision].busy}
      onClick={() => !mutation.isPending && mutation.mutate(decision)}
    >
      {looks[decision].word}
    </Button>
  );
  return (
    <>
      <div className="mt-2.5 flex flex-wrap gap-2">
        {!own && button("approve", blocked)}
        {!own && button("refuse", blocked)}
        {own && button("withdraw", whyEnded(approval, at))}
      </div>
      {!own && <BlockedNote reason={blocked} />}
    </>
  );
}
