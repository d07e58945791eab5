import type { Path } from "./path.rules";
import type { Contract } from "./rules";

/** One thing that a contract says and Accord does not do: which, where it stands, and what happens instead. */
export type NotInForce = { what: "repair" | "escalation" | "alerts"; path: Path; words: string };

/** The names of channels that are told of alerts, which a heartbeat is not. */
export const toldChannels = ({ channels }: { channels: readonly { name: string; heartbeat: boolean }[] }): string[] =>
  channels.filter(({ heartbeat }) => !heartbeat).map(({ name }) => name);

/** Everything that a contract says and Accord does not do, so that nobody counts on it. `channels`: those that are told of alerts. */
export function notInForce({ recovery, accountability }: Contract, channels: readonly string[]): NotInForce[] {
  const { onCall, alerts } = accountability;
  const repairs = recovery.reconciliation.flatMap(({ rule, repair }, i): NotInForce[] =>
    repair === "auto"
      ? [{ what: "repair", path: ["recovery", "reconciliation", i, "repair"], words: `of ${rule} a person decides.` }]
      : [],
  );
  const silent = channels.length === 0;
  const mute = (words: string): string => `${words}, and accord.yaml has no channel.`;
  return [
    ...repairs,
    ...(onCall === null || !silent
      ? []
      : [here("escalation", ["accountability", "on_call", "escalation"], mute("nobody is called"))]),
    ...(alerts.length === 0 || !silent
      ? []
      : [here("alerts", ["accountability", "alerts"], mute("they are raised and shown, nobody is told"))]),
  ];
}

/** What happens instead of one of them; null where the contract does not say it, or it is in force. */
export const insteadOf = (contract: Contract, what: NotInForce["what"], channels: readonly string[]): string | null =>
  notInForce(contract, channels).find((each) => each.what === what)?.words ?? null;

const here = (what: NotInForce["what"], path: Path, words: string): NotInForce => ({ what, path, words });
