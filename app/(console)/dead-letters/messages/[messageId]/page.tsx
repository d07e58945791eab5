import type { Metadata } from "next";
import { MessageScreen } from "@/components/dead-letters/message-screen";

export const metadata: Metadata = { title: "Dead letter" };

type Props = { params: Promise<{ messageId: string }> };

export default async function MessagePage({ params }: Props) {
  return <MessageScreen id={decodeURIComponent((await params).messageId)} />;
}
