import { type LinkTemplates, linkOf } from "../contracts/links.rules";
import type { DeployMark } from "../sources/sql";
import { type Instant, minutes } from "../time";
import type { StoredGroup } from "./sql";
import type { LiveMark } from "./triage/rules";
import type { GroupView, MessageView } from "./views";

// Attempts were made before a message was parked, and their logs may arrive a little later.
const AROUND_MS = minutes(15);

const iso = (at: Instant): string => new Date(at).toISOString();
const ofGroup = ({ consumer, eventType, errorType, sourceId }: StoredGroup) => ({
  consumer,
  event: eventType,
  error: errorType,
  source: sourceId,
});

/** What other tools know of a group: the ticket, the consumer's logs since it began, what is written about the error. */
export const groupLinks = (templates: LinkTemplates, group: StoredGroup, ticket: string | null): GroupView["links"] => ({
  ticket: linkOf(templates.ticket, { ticket }),
  logs: linkOf(templates.logs, {
    ...ofGroup(group),
    from: iso(group.firstAt - AROUND_MS),
    to: iso(group.lastAt + AROUND_MS),
  }),
  runbook: linkOf(templates.runbook, ofGroup(group)),
});

/** The trace and the logs of a message, as far as its masked ids may be told. */
export function messageLinks(
  templates: LinkTemplates,
  group: StoredGroup,
  message: Pick<MessageView, "message" | "correlationId" | "traceparent">,
): MessageView["links"] {
  const { businessKey, messageId, parkedAt, consumerVersion } = message.message;
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(message.traceparent ?? "")?.[1] ?? null;
  return {
    trace: linkOf(templates.trace, { trace_id: traceId }),
    logs: linkOf(templates.logs, {
      ...ofGroup(group),
      key: businessKey,
      message_id: messageId,
      correlation_id: message.correlationId,
      trace_id: traceId,
      version: consumerVersion,
      from: iso(parkedAt - AROUND_MS),
      to: iso(parkedAt + AROUND_MS),
    }),
  };
}

/** What a deploy brought: from the version before it, of the same consumer, to its own. */
export function commitLink(templates: LinkTemplates, deploy: DeployMark, marks: readonly LiveMark[]): string | null {
  const before = marks.find((mark) => mark.at < deploy.at);
  return linkOf(templates.commit, {
    consumer: deploy.consumer,
    version: deploy.version,
    from: before?.version ?? null,
    to: deploy.version,
  });
}
