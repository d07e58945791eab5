import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { MessageScreen } from "@/components/dead-letters/message-screen";
import { messageQuery } from "@/components/dead-letters/queries";
import { parseMessageId } from "@/lib/dead-letters/input";
import { readMessage } from "@/lib/dead-letters/service";

export const metadata: Metadata = { title: "Dead letter" };

export default page<"messageId">(({ messageId: id }) => ({
  needs: [one(messageQuery(id), parseMessageId, readMessage, { id })],
  screen: <MessageScreen id={id} />,
}));
