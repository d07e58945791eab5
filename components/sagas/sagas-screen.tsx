"use client";
import { Page } from "@/components/shell/page";
import { SagasPanels } from "./sagas-panels";

/** Which sagas need somebody, and how undoing goes. */
export function SagasScreen() {
  return (
    <Page crumbs={[{ label: "Sagas" }]}>
      <SagasPanels />
    </Page>
  );
}
