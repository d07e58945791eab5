import { listed } from "../words";
import type { WaitingCause } from "./rules";

type Words = { title: string; evidence: string; next: string };

/** What waits, why perhaps, and what to do first; who owes it is a service or one of its consumers. */
export function waitingWords(waiting: WaitingCause, service: string): Words {
  const { reason, consumer, eventTypes } = waiting;
  const events = listed(eventTypes);
  switch (reason) {
    case "undelivered":
      return undeliveredWords(waiting, events);
    case "unpublished":
      if (waiting.queue)
        return {
          title: `${service} has not done ${events}`,
          evidence: "What is not done stands in its queue, until a worker takes it or its next try is due.",
          next: `see whether the workers of ${service} run.`,
        };
      return {
        title: `${service} has not published ${events}`,
        evidence: "What is not published stands in its outbox.",
        next: `see whether the relay of ${service} runs.`,
      };
    case "held":
      return {
        title: `${consumer} holds ${events} back for an earlier version`,
        evidence: `${missing(waiting)}What is held goes on by itself when that arrives.`,
        next: waiting.waitsFor == null ? "find the version that is missing." : "see whether it is parked, lost or only late.",
      };
  }
}

const missing = ({ oldestKey, waitsFor }: WaitingCause): string =>
  waitsFor == null ? "" : `${oldestKey} waits for its version ${waitsFor.toLocaleString("en-US")}. `;

function undeliveredWords({ consumer, throughput }: WaitingCause, events: string): Words {
  const rates = throughput ? `It does ${each(throughput.donePerMinute)} while ${each(throughput.camePerMinute)} come.` : "";
  switch (throughput?.state) {
    case "slow":
      return {
        title: `${consumer} falls behind on ${events}`,
        evidence: rates,
        next: `give ${consumer} more hands, or mend what slows it. What waits needs no retry.`,
      };
    case "catching_up":
      return {
        title: `${consumer} catches up on ${events}`,
        evidence: rates,
        next: "wait: it does more than comes.",
      };
    case "passed_over":
      return {
        title: `${consumer} goes on without some ${events}`,
        evidence: "It has received newer events meanwhile: these are late on their way, or lost.",
        next: "see whether the broker has them; what it has not is to be published again from the outbox.",
      };
    default:
      return {
        title: `${consumer} has not processed ${events}`,
        evidence: `Is ${consumer} running, and does it receive ${events}?`,
        next: `see whether ${consumer} consumes.`,
      };
  }
}

const each = (n: number): string => `${n.toLocaleString("en-US")} a minute`;

/** What the sentence adds about a consumer that owes something: nothing of one that stands still. */
export function throughputTail({ throughput }: WaitingCause): string {
  switch (throughput?.state) {
    case "slow":
      return `, doing ${each(throughput.donePerMinute)} while ${each(throughput.camePerMinute)} come`;
    case "catching_up":
      return ", and catches up";
    case "passed_over":
      return ", and goes on with newer ones";
    default:
      return "";
  }
}
