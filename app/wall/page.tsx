import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { zonesQuery } from "@/components/zones/queries";
import { WallScreen } from "@/components/zones/wall-screen";
import { parseNothing } from "@/lib/operators/input";
import { readZones } from "@/lib/zones/service";

export const metadata: Metadata = { title: "Wall" };

/** Outside the console: a screen that nobody touches has no shell. */
export default page(() => ({ needs: [one(zonesQuery(), parseNothing, readZones, {})], screen: <WallScreen /> }));
