import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { GroupScreen } from "@/components/dead-letters/group-screen";
import { groupQuery, messagesQuery } from "@/components/dead-letters/queries";
import { parseGroupId, parseMessagesPage } from "@/lib/dead-letters/input";
import { listMessages, readGroup } from "@/lib/dead-letters/service";

export const metadata: Metadata = { title: "Dead-letter group" };

type Props = { params: Promise<{ groupId: string }> };

export default async function GroupPage({ params }: Props) {
  const groupId = decodeURIComponent((await params).groupId);
  const state = await hydrate([
    { queryKey: groupQuery(groupId).queryKey, run: async (ctx) => readGroup(ctx, parseGroupId({ groupId })) },
    {
      queryKey: messagesQuery(groupId).queryKey,
      run: async (ctx) => ({ pages: [await listMessages(ctx, parseMessagesPage({ groupId }))], pageParams: [null] }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <GroupScreen groupId={groupId} />
    </HydrationBoundary>
  );
}
