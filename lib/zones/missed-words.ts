import type { Instant } from "../time";
import { counted, listed, moment, type Part, plain } from "../words";
import type { MissedCause } from "./rules";
import { serviceOf, type Told } from "./told-words";

/** `31 events of order-service reached neither payment-service nor inventory-service`. */
export function missedTitle({ sourceId, eventsN, consumers }: MissedCause, zone: Told): string {
  const events = `${counted(eventsN, "event")} of ${serviceOf(zone, sourceId)}`;
  const [first, second, ...more] = consumers;
  if (more.length > 0) return `${events} did not reach all of ${listed(consumers)}`;
  return second ? `${events} did not reach ${first} or ${second}` : `${events} did not reach ${first}`;
}

export const missedHref = (zoneId: string): string => `/zones/${encodeURIComponent(zoneId)}/keys?reason=undelivered`;

/** What proves that they are lost or late: who published them and what came since. */
export function missedEvidence({ eventTypes, oldest, oldestKey, consumers }: MissedCause, now: Instant): Part[] {
  const who = consumers.length === 1 ? "it has" : "they have";
  return [
    plain(
      `${listed(eventTypes)}: published, and ${who} gone on with newer events. Lost between the outbox and ${consumers.length === 1 ? "its inbox" : "their inboxes"}, or late on the way. The oldest is of `,
    ),
    { text: oldestKey, href: `/keys/${encodeURIComponent(oldestKey)}` },
    plain(", from "),
    moment(oldest, now),
    plain(`.`),
  ];
}

export const missedNext = ({ sourceId }: MissedCause, zone: Told): string =>
  `see whether the broker has them; have ${serviceOf(zone, sourceId)} publish again what it has not. The list names every message.`;
