import type { Path } from "./path.rules";
import type { Contract } from "./rules";

/** One thing that a contract says and Accord does not do yet: which, where it stands, and what happens instead. */
export type NotInForce = { what: "repair" | "escalation" | "alerts"; path: Path; words: string };

/** Everything that a contract says and Accord does not do yet, so that nobody counts on it. */
export function notInForce({ recovery, accountability }: Contract): NotInForce[] {
  const { onCall, alerts } = accountability;
  const repairs = recovery.reconciliation.flatMap(({ rule, repair }, i): NotInForce[] =>
    repair === "auto"
      ? [{ what: "repair", path: ["recovery", "reconciliation", i, "repair"], words: `of ${rule} a person decides.` }]
      : [],
  );
  return [
    ...repairs,
    ...(onCall === null ? [] : [here("escalation", ["accountability", "on_call", "escalation"], "nobody is called.")]),
    ...(alerts.length === 0
      ? []
      : [here("alerts", ["accountability", "alerts"], "they are evaluated and shown, and sent to nobody.")]),
  ];
}

/** What happens instead of one of them; null where the contract does not say it, or it is in force. */
export const insteadOf = (contract: Contract, what: NotInForce["what"]): string | null =>
  notInForce(contract).find((each) => each.what === what)?.words ?? null;

const here = (what: NotInForce["what"], path: Path, words: string): NotInForce => ({ what, path, words });
