import type { Instant } from "../time";
import { moment, type Part, plain } from "../words";
import type { ParkedCause, ProducerChange } from "./rules";
import { serviceOf, type Told } from "./told-words";

type Failing = Pick<ParkedCause, "consumer" | "eventType" | "producer">;

/** ` since order-service's deploy of 5.13.0`, after what fails; empty where its producer changed nothing that is known. */
export function producerTail({ producer }: Failing, zone: Told): string {
  if (!producer) return "";
  const service = serviceOf(zone, producer.sourceId);
  return producer.deploy
    ? ` since ${service}'s deploy of ${producer.deploy.version}`
    : `, which ${service} sends in schema ${producer.schema!.version}`;
}

/** What proves that it began with the producer: every message of a sample came so. */
export function producerEvidence({ producer, eventType }: Failing, zone: Told, now: Instant): Part[] {
  if (!producer) return [];
  const { deploy, schema } = producer;
  const service = serviceOf(zone, producer.sourceId);
  const so = schema
    ? `All that failed came in schema ${schema.version}; the contract says ${schema.known.join(", ")}`
    : `All that failed were sent by ${service} ${deploy!.version}`;
  if (!deploy) return [plain(` ${so} of ${eventType}.`)];
  return [
    plain(` ${so}${schema ? `, sent by ${service} ${deploy.version}` : ""}, live since `),
    moment(deploy.at, now),
    plain("."),
  ];
}

/** What to do about the producer, and what about the consumer instead. */
export function producerNext({ consumer }: Failing, { sourceId, deploy, schema }: ProducerChange, zone: Told): string {
  const service = serviceOf(zone, sourceId);
  const back = deploy ? `roll ${service} back${deploy.before ? ` to ${deploy.before}` : ""}` : `see why ${service} sends it`;
  return schema
    ? `${back}, or have ${consumer} read schema ${schema.version}`
    : `${back}, or have ${consumer} take what it sends`;
}
