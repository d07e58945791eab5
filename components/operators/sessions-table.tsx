"use client";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { Session } from "@/lib/operators/sessions/rules";
import type { Instant } from "@/lib/time";
import { requestSessionEnd } from "./actions";
import { agentText } from "./people-words";
import { usePersonIntent } from "./use-person-intent";

type Props = { sessions: Session[]; now: Instant; here: string | null };

/** Browsers that are signed in, each with its way out; `here` is the one that looks. */
export function SessionsTable({ sessions, now, here }: Props) {
  const end = usePersonIntent(requestSessionEnd, ({ ended }) =>
    ended ? "The session has ended" : "The session was over before",
  );
  return (
    <Table label="Sessions">
      <thead>
        <tr>
          <Th>Browser</Th>
          <Th className="max-md:hidden">Opened</Th>
          <Th className="max-md:hidden">Last seen</Th>
          <Th className="max-md:hidden">Ends at the latest</Th>
          <Th>
            <span className="sr-only">End</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <Td>
              <span className="flex flex-wrap items-center gap-2" title={session.userAgent}>
                {agentText(session.userAgent)}
                {session.id === here && <Tag>this one</Tag>}
                {session.how === "openid_connect" && <Tag>by the provider</Tag>}
              </span>
              <span className="block text-12 text-ink-2 md:hidden">
                seen <When at={session.lastSeenAt} now={now} />
              </span>
            </Td>
            <Td className="text-12 max-md:hidden">
              <When at={session.createdAt} now={now} />
            </Td>
            <Td className="text-12 max-md:hidden">
              <When at={session.lastSeenAt} now={now} />
            </Td>
            <Td className="text-12 max-md:hidden">
              <When at={session.expiresAt} now={now} />
            </Td>
            <Td num>
              {session.id !== here && (
                <Button
                  size="sm"
                  tone="danger"
                  busy={end.isPending && end.variables === session.id && "Ending"}
                  aria-label={`End the session in ${agentText(session.userAgent)}`}
                  onClick={() => end.mutate(session.id)}
                >
                  End
                </Button>
              )}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
