import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { MessageScreen } from "@/components/dead-letters/message-screen";
import { messageQuery } from "@/components/dead-letters/queries";
import { parseMessageId } from "@/lib/dead-letters/input";
import { readMessage } from "@/lib/dead-letters/service";

export const metadata: Metadata = { title: "Dead letter" };

type Props = { params: Promise<{ messageId: string }> };

export default async function MessagePage({ params }: Props) {
  const id = decodeURIComponent((await params).messageId);
  const state = await hydrate([
    { queryKey: messageQuery(id).queryKey, run: async (ctx) => readMessage(ctx, parseMessageId({ id })) },
  ]);
  return (
    <HydrationBoundary state={state}>
      <MessageScreen id={id} />
    </HydrationBoundary>
  );
}
