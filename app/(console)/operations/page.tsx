import type { Metadata } from "next";
import { list } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { OperationsScreen } from "@/components/operations/operations-screen";
import { operationsQuery } from "@/components/operations/queries";
import { parseOperationsPage } from "@/lib/operations/input";
import { listOperations } from "@/lib/operations/reading";

export const metadata: Metadata = { title: "Operations" };

export default page(() => ({
  needs: [list(operationsQuery(), parseOperationsPage, listOperations, {})],
  screen: <OperationsScreen />,
}));
