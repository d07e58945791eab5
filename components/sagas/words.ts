import type { IconName } from "@/components/ui/icons";
import type { Tone } from "@/components/ui/tone";
import type { WhyNot } from "@/components/ui/why-not";
import { isHeld, isOpen, type SagaStage } from "@/lib/sagas/rules";
import type { SagaRow } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import type { SagaId } from "./queries";

export const sagaHref = ({ sourceId, sagaId }: SagaId): string =>
  `/sagas/${encodeURIComponent(sourceId)}/${encodeURIComponent(sagaId)}`;

/** A row's id in lists: a saga's own id belongs to its source. */
export const rowId = ({ sourceId, sagaId }: SagaId): string => `${sourceId}/${sagaId}`;

export const stageLook: Record<SagaStage, { tone: Tone; icon: IconName }> = {
  failed: { tone: "breach", icon: "x" },
  late: { tone: "breach", icon: "clock" },
  compensating: { tone: "conv", icon: "undo" },
  held: { tone: "risk", icon: "pause" },
  stuck: { tone: "breach", icon: "saga" },
  due: { tone: "breach", icon: "clock" },
  running: { tone: "none", icon: "saga" },
  undone: { tone: "none", icon: "undo" },
  completed: { tone: "ok", icon: "check" },
  gone: { tone: "none", icon: "x" },
};

export type Act = "hold" | "release";

/** Why who looks may not hold or release these sagas; null when they may. */
export function blockedFor(
  whyNot: WhyNot,
  act: Act,
  sagas: readonly Pick<SagaRow, "zone" | "state" | "act" | "holdUntil" | "sourceId">[],
  now: Instant,
): string | null {
  if (sagas.length === 0) return "Select sagas first.";
  const outside = sagas.some(({ zone }) => zone === null);
  const reason = whyNot(`saga.${act}`, outside ? [] : [...new Set(sagas.map(({ zone }) => zone!.zoneId))]);
  if (reason !== null) return reason;
  const unable = sagas.find((saga) => !saga.act);
  if (unable) return `Accord only observes ${unable.sourceId}: act is false in accord.yaml.`;
  if (!sagas.some(isOpen)) return sagas.length === 1 ? "It has ended: nothing is left to hold." : "All of them have ended.";
  if (act === "release" && !sagas.some((saga) => isHeld(saga, now))) return "Nothing of this is held.";
  return null;
}
