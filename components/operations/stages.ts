import type { OperationKind } from "@/lib/operations/rules";
import type { OperationView } from "@/lib/operations/views";
import { proofStage } from "@/lib/proofs/rules";
import { provenShort } from "@/lib/proofs/words";
import { durationWords } from "@/lib/time";
import { counted } from "@/lib/words";
import { settledN } from "./words";

/** A step of an operation. off: it ended before it was whole · none: nothing can tell, which is neither done nor failed. */
export type Stage = {
  name: string;
  note: string;
  state: "before" | "now" | "done" | "failed" | "off" | "none";
  /** How much of it is done, from 0 to 1. */
  share: number;
  /** Something happens in it just now. */
  busy: boolean;
};

type Of = Pick<OperationView, "operation" | "plan" | "proof" | "keyName" | "now">;

const restName: Record<OperationKind, string> = {
  retry: "Deliver",
  discard: "Discard",
  resolve: "Resolve",
  take_back: "Take back",
};
const number = (n: number) => n.toLocaleString("en-US");
const part = (n: number, of: number): number => (of <= 0 ? 0 : Math.max(0, Math.min(1, n / of)));

/** The steps of an operation in their order: its canary and the watch over it where it has one, what it delivers, and whether that converged. */
export function stagesOf(view: Of): Stage[] {
  const { operation, plan } = view;
  const canaryN = plan.canaryN !== null && plan.canaryN < operation.counts.total ? plan.canaryN : null;
  return [...(canaryN === null ? [] : canaryStages(view, canaryN)), restStage(view, canaryN), ...proofStages(view)];
}

function canaryStages({ operation, plan, now }: Of, n: number): Stage[] {
  const { gate, counts } = operation;
  const { canaryEndedAt: endedAt, canaryPassedAt: passedAt, failedN, watchMs } = plan;
  const busy = operation.state === "running";
  const over = operation.endedAt !== null;
  const answered = Math.min(settledN(counts), n);
  const stopped = operation.stopReason !== null && passedAt === null;
  const before = over ? "off" : "before";
  const isWatched = plan.canaryThen === "go";
  return [
    {
      name: `Canary of ${number(n)}`,
      note:
        endedAt === null
          ? `${number(answered)} of ${number(n)} answered`
          : `all answered${passedAt === null ? `, ${number(failedN)} failed again` : ""}`,
      state: endedAt !== null ? (stopped ? "failed" : "done") : gate === "canary" ? "now" : before,
      share: part(answered, n),
      busy,
    },
    {
      name: isWatched ? `Watch ${durationWords(watchMs)}` : "Wait for a word",
      note: isWatched ? "stops if a key of the canary is parked" : "somebody says when the rest follows",
      state: passedAt !== null ? "done" : gate === "watch" || gate === "ask" ? "now" : before,
      share: passedAt !== null ? 1 : endedAt !== null && isWatched ? part(now - endedAt, watchMs) : 0,
      busy,
    },
  ];
}

function restStage({ operation }: Of, canaryN: number | null): Stage {
  const { counts, kind, gate, endedAt, state } = operation;
  const [settled, total] = [Math.max(0, settledN(counts) - (canaryN ?? 0)), counts.total - (canaryN ?? 0)];
  return {
    name: `${restName[kind]}${canaryN === null ? "" : " the rest"}`,
    note: `${number(settled)} of ${number(total)} settled`,
    state: endedAt !== null ? (state === "cancelled" ? "off" : "done") : gate === "rest" ? "now" : "before",
    share: part(settled, total),
    busy: state === "running",
  };
}

// Whatever is not proven when all is over may be looked into, and is no success of a step.
function proofStages({ operation, proof, keyName }: Of): Stage[] {
  if (operation.kind !== "retry") return [];
  const ended = operation.endedAt !== null;
  const name = "Prove convergence";
  if (proof === null)
    return [{ name, note: `${counted(operation.counts.total, "message")} first`, state: "before", share: 0, busy: false }];
  const stage = proofStage(proof, ended);
  return [
    {
      name,
      note: provenShort(proof, keyName, ended),
      state:
        stage === "short"
          ? proof.diverging > 0
            ? "failed"
            : "off"
          : ({ before: ended ? "off" : "before", now: "now", proven: "done", uncovered: "none" } as const)[stage],
      share: part(proof.proven, proof.total),
      busy: operation.state === "running" || proof.checking > 0,
    },
  ];
}
