import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { pagedQuery } from "@/components/alerts/queries";
import { waitingQuery } from "@/components/cases/queries";
import { recentOperationsQuery } from "@/components/operations/queries";
import { ZonesScreen } from "@/components/zones/zones-screen";
import { readWaiting } from "@/lib/cases/waiting";
import { readPaged } from "@/lib/notifications/paged";
import { parseOperationsPage } from "@/lib/operations/input";
import { listOperations } from "@/lib/operations/reading";
import { parseNothing } from "@/lib/operators/input";

export const metadata: Metadata = { title: "Zones" };

// The zones themselves come with the layout.
export default page(() => ({
  needs: [
    one(waitingQuery(), parseNothing, readWaiting, {}),
    one(pagedQuery(true), parseNothing, readPaged, {}),
    one(recentOperationsQuery(), parseOperationsPage, listOperations, {}),
  ],
  screen: <ZonesScreen />,
}));
