import type { Metadata } from "next";
import { GroupScreen } from "@/components/dead-letters/group-screen";

export const metadata: Metadata = { title: "Dead-letter group" };

type Props = { params: Promise<{ groupId: string }> };

export default async function GroupPage({ params }: Props) {
  return <GroupScreen groupId={decodeURIComponent((await params).groupId)} />;
}
