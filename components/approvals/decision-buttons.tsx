"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/components/shell/queries";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { type Approval, whyEnded, whyNoVote } from "@/lib/approvals/rules";
import type { Decision } from "./actions";
import { DecisionDialog } from "./decision-dialog";

const looks = {
  approve: { word: "Approve", tone: "primary" },
  refuse: { word: "Refuse", tone: "default" },
  withdraw: { word: "Withdraw", tone: "ghost" },
} as const;

/** What one may still say about a request: yes or no as a further person, or take back one's own. */
export function DecisionButtons({ approval, now }: { approval: Approval; now: number }) {
  const clock = useNow();
  const { data: me } = useQuery(meQuery());
  const [deciding, setDeciding] = useState<Decision | null>(null);
  if (!me) return null;
  const at = Math.max(now, clock ?? 0);
  const own = me.actor.operatorId === approval.requestedBy;
  const blocked = whyNoVote(approval, me.actor, at);
  const button = (decision: Decision, why: string | null) => (
    <Button size="sm" tone={looks[decision].tone} blocked={why} onClick={() => setDeciding(decision)}>
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
      {deciding && <DecisionDialog approval={approval} decision={deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}
