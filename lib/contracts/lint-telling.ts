import type { PublicChannel, Route, Telling } from "../channels/rules";
import { listed } from "../words";
import type { Add } from "./finding.rules";
import { nearest } from "./found-words";
import type { Path } from "./path.rules";
import type { Contract } from "./rules";

/** Warns of channels that a contract names and accord.yaml does not have; where there is none at all, that is told as not in force. */
export function warnOfChannels({ accountability }: Contract, channels: readonly PublicChannel[], add: Add): void {
  if (channels.length === 0) return;
  accountability.alerts.forEach(({ notify }, i) => {
    notify.forEach((name, n) => {
      const message = unknownChannel(name, channels);
      if (message !== null) add("warning", ["accountability", "alerts", i, "notify", n], message);
    });
  });
}

function unknownChannel(name: string, channels: readonly PublicChannel[]): string | null {
  const channel = channels.find((one) => one.name === name);
  if (channel && !channel.heartbeat) return null;
  if (channel) return `"${name}" is a heartbeat and is told of no alert.`;
  const known = channels.filter(({ heartbeat }) => !heartbeat).map((one) => one.name);
  const near = nearest(name, known);
  return `"${name}" is no channel of accord.yaml; ${near ? `did you mean "${near}"?` : `known are ${listed(known)}.`}`;
}

type Found = { path: Path; message: string };

/** What makes routes weak: zones and owners that no contract has, and alerts that none of them is for. */
export function lintTelling({ routes, digests }: Telling, contracts: readonly Contract[]): Found[] {
  const zones = contracts.map(({ zoneId }) => zoneId);
  const owners = [...new Set(contracts.map(({ accountability }) => accountability.owner))];
  const stranger = (path: Path, what: string, name: string, known: readonly string[]): Found[] => {
    const near = nearest(name, [...known]);
    return known.includes(name)
      ? []
      : [
          {
            path,
            message: `No contract has the ${what} "${name}"; ${near ? `did you mean "${near}"?` : `known are ${listed(known)}.`}`,
          },
        ];
  };
  return [
    ...routes.flatMap((route, i) => [
      ...route.zones.flatMap((zone, n) => stranger(["routes", i, "zones", n], "zone", zone, zones)),
      ...route.owners.flatMap((owner, n) => stranger(["routes", i, "owners", n], "owner", owner, owners)),
    ]),
    ...digests.flatMap(({ owner }, i) => (owner === null ? [] : stranger(["digests", i, "owner"], "owner", owner, owners))),
    ...(routes.length > 0 && !routes.some(isForAll)
      ? [{ path: ["routes"], message: "No route is for everything: an alert that none of them matches is told to nobody." }]
      : []),
  ];
}

const isForAll = ({ zones, owners, severity, days, hours }: Route): boolean =>
  zones.length === 0 && owners.length === 0 && severity === null && days.length === 0 && hours === null;
