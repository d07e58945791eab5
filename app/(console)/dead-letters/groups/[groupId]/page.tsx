import type { Metadata } from "next";
import { list, one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { GroupScreen } from "@/components/dead-letters/group-screen";
import { groupQuery, messageQuery, messagesQuery, readinessQuery } from "@/components/dead-letters/queries";
import { parseGroupId, parseMessageId, parseMessagesPage } from "@/lib/dead-letters/input";
import { listMessages, readGroup, readMessage } from "@/lib/dead-letters/service";
import { readReadiness } from "@/lib/operations/readiness";

export const metadata: Metadata = { title: "Dead-letter group" };

export default page<"groupId">((names) => ({
  needs: [
    one(groupQuery(names.groupId), parseGroupId, readGroup, names, ({ sampleId: id }) =>
      id === null ? [] : [one(messageQuery(id), parseMessageId, readMessage, { id })],
    ),
    one(readinessQuery(names.groupId), parseGroupId, readReadiness, names),
    list(messagesQuery(names.groupId), parseMessagesPage, listMessages, names),
  ],
  screen: <GroupScreen {...names} />,
}));
