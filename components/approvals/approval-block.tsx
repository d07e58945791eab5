import { Avatar } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { initials } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { LiveAgo } from "@/components/ui/live-age";
import { When } from "@/components/ui/when";
import { type Approval, type ApprovalState, stillNeeded } from "@/lib/approvals/rules";
import type { Instant } from "@/lib/time";
import { DecisionButtons } from "./decision-buttons";

const ended: Record<Exclude<ApprovalState, "waiting">, string> = {
  approved: "Approved",
  refused: "Refused",
  withdrawn: "Withdrawn",
  expired: "Expired: nobody decided within 24 h",
};

type Props = { approval: Approval; now: Instant; className?: string };

/** Who asked for a second person, who has answered, and what one may say oneself. */
export function ApprovalBlock({ approval, now, className }: Props) {
  const waits = approval.state === "waiting";
  const title = approval.state === "waiting" ? `Waiting for ${stillNeeded(approval)}` : ended[approval.state];
  return (
    <div id="approval" className={cn("px-3.5 py-3", className)}>
      <div className="mb-2 flex items-center gap-2">
        <Icon name="shield" size={14} />
        <b>{title}</b>
        <span className="ml-auto text-12 text-ink-3">
          {waits ? (
            <>
              asked <LiveAgo at={approval.requestedAt} asOf={now} />
            </>
          ) : (
            approval.endedAt !== null && <When at={approval.endedAt} now={now} />
          )}
        </span>
      </div>
      <div className="grid grid-cols-[1fr_20px_1fr] items-center gap-2">
        <Person name={approval.requestedByName} note={<When at={approval.requestedAt} now={now} />} verb="asked" />
        <Icon name="right" size={14} className="justify-self-center text-ink-3" />
        <div className="flex flex-col gap-1">
          {approval.votes.map((vote) => (
            <Person
              key={vote.operatorId}
              name={vote.name}
              note={<When at={vote.at} now={now} />}
              verb={vote.vote === "approve" ? "approved" : "refused"}
            />
          ))}
          {waits && (
            <div className="flex min-h-row items-center rounded-control border border-dashed border-line-control px-2.5 py-2 text-12 text-ink-3">
              nobody yet
            </div>
          )}
        </div>
      </div>
      {waits && (
        <p className="mt-2.5 text-12 text-ink-2">
          Any approver of {approval.zones.length > 1 ? "all its zones" : "the zone"} can decide; nobody can approve what they
          asked for themselves. Unanswered, it ends <When at={approval.expiresAt} now={now} />.
        </p>
      )}
      {approval.endedWhy && <p className="mt-2.5 text-12 text-ink-2">“{approval.endedWhy}”</p>}
      {waits && <DecisionButtons approval={approval} now={now} />}
    </div>
  );
}

function Person({ name, verb, note }: { name: string; verb: string; note: React.ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-2 rounded-control border px-2.5 py-2 text-12">
      <Avatar text={initials(name)} small />
      <div className="min-w-0">
        <div className="truncate font-medium">{name}</div>
        <div className="text-ink-3">
          {verb} {note}
        </div>
      </div>
    </div>
  );
}
