import type { Part } from "../words";
import { plain } from "../words";
import { isOpen, type SagaStage } from "./rules";
import type { SagaNext, SagaStep } from "./views";

/** What a key lacks in a zone beside its saga. */
export type LackedFact = { reason: string; consumer: string; eventType: string; groupId: number | null };

type Standing = { stage: SagaStage; state: string; step: string | null; endedAt: number | null };

const code = (text: string): Part => ({ text, code: true });
// A parked message is not processed either: that it is parked says more.
const worst = (lacked: readonly LackedFact[]) => lacked.find(({ reason }) => reason === "parked") ?? lacked[0];

/** What its current step lacks, after "It waits for"; empty when it lacks nothing that is known. A step that failed waits for no answer any more. */
export function waitsFor(saga: Standing, steps: readonly SagaStep[], lacked: readonly LackedFact[]): Part[] {
  if (saga.endedAt !== null || !isOpen(saga)) return [];
  const failed = steps.find(({ name, state }) => name === saga.step && state === "failed");
  if (failed)
    return [
      plain(saga.stage === "held" ? "the end of its hold: " : "its compensations to start: "),
      code(failed.name),
      plain(" failed"),
    ];
  const first = worst(lacked);
  if (!first) return saga.step === null ? [] : [plain("an answer from "), code(saga.step)];
  const event = code(first.eventType);
  switch (first.reason) {
    case "parked":
      return [
        event,
        plain(", "),
        first.groupId === null ? plain("parked") : { text: "parked", href: `/dead-letters/groups/${first.groupId}` },
        plain(` at ${first.consumer}`),
      ];
    case "held":
      return [event, plain(`, held at ${first.consumer} for an earlier version`)];
    case "unpublished":
      return [event, plain(", which is not published yet")];
    default:
      return [plain(`${first.consumer} to process `), event];
  }
}

type Undone = { zoneId: string | null; steps: readonly SagaStep[]; lacked: readonly LackedFact[]; runbook: SagaNext["runbook"] };

/** What somebody can do about a compensation that failed or is late; null where nothing went wrong with undoing. */
export function sagaNext({ stage }: Pick<Standing, "stage">, { zoneId, steps, lacked, runbook }: Undone): SagaNext | null {
  if (stage !== "failed" && stage !== "late") return null;
  const wrong = steps.find(({ state }) => (stage === "failed" ? state === "failed" : state === "running"));
  const parked = lacked.find(({ reason, groupId }) => reason === "parked" && groupId !== null);
  const which = wrong ? [code(wrong.name)] : [plain("the compensation")];
  const cases =
    zoneId === null ? [] : [{ label: "Cases of sagas", href: `/cases?${new URLSearchParams({ zone: zoneId, kind: "saga" })}` }];
  if (parked)
    return {
      text: [
        plain("retry "),
        code(parked.eventType),
        plain(`, which ${parked.consumer} has parked for this key, once its cause is repaired: with it the service takes `),
        ...which,
        plain(" up again."),
      ],
      actions: [{ label: "Open dead letters", href: `/dead-letters/groups/${parked.groupId}` }, ...cases],
      runbook,
    };
  return {
    text: [
      plain("Accord cannot run "),
      ...which,
      plain(
        stage === "failed"
          ? " again: the service that owns it can. Repair what its error names and have the service repeat it, or undo it by hand; then say in the case what was done."
          : " for its service: see what it waits for there, or undo it by hand; then say in the case what was done.",
      ),
    ],
    actions: cases,
    runbook,
  };
}
