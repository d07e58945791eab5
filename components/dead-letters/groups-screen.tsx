"use client";
import { Page } from "@/components/shell/page";
import { GroupsPanel } from "./groups-panel";

/** Which failures need somebody, most urgent first. */
export function GroupsScreen() {
  return (
    <Page crumbs={[{ label: "Dead letters" }]}>
      <GroupsPanel lead />
    </Page>
  );
}
