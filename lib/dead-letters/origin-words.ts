import type { Instant } from "../time";
import { moment, type Part, plain } from "../words";
import type { ProducerChange } from "./origins.rules";

/** A producer's change, and the name of its service. */
export type Change = ProducerChange & { service: string };

/** ` since order-service's deploy of 5.13.0`, after what fails. */
export const originTail = ({ service, deploy, schema }: Change): string =>
  deploy ? ` since ${service}'s deploy of ${deploy.version}` : `, which ${service} sends in schema ${schema!.version}`;

/** `since order-service's deploy of 5.13.0, in schema 3`, in a row of a list. */
export function originShort({ service, deploy, schema }: Change): string {
  if (!deploy) return `${service} sends schema ${schema!.version}`;
  return `since ${service}'s deploy of ${deploy.version}${schema ? `, in schema ${schema.version}` : ""}`;
}

/** What proves that it began with the producer: every message of a sample came so. */
export function originEvidence({ service, deploy, schema }: Change, eventType: string, now: Instant): Part[] {
  if (!deploy)
    return [
      plain(`All that failed came in schema ${schema!.version} of ${eventType}; the contract says ${schema!.known.join(", ")}.`),
    ];
  const sender = `${service} ${deploy.version}`;
  const [before, after] = schema
    ? [
        `All that failed came in schema ${schema.version}, which ${sender} sends since `,
        `; the contract says ${schema.known.join(", ")}.`,
      ]
    : [`All that failed were sent by ${sender}, live since `, "."];
  return [plain(before), moment(deploy.at, now), plain(after)];
}

/** What to do about the producer, or about the consumer instead. */
export function originNext({ service, deploy, schema }: Change, consumer: string): string {
  const back = deploy ? `roll ${service} back${deploy.before ? ` to ${deploy.before}` : ""}` : `see why ${service} sends it`;
  return schema
    ? `${back}, or have ${consumer} read schema ${schema.version}`
    : `${back}, or have ${consumer} take what it sends`;
}
