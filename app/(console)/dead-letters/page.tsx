import type { Metadata } from "next";
import { GroupsScreen } from "@/components/dead-letters/groups-screen";

export const metadata: Metadata = { title: "Dead letters" };

export default function DeadLettersPage() {
  return <GroupsScreen />;
}
