import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { DiscoveryScreen } from "@/components/sources/discovery-screen";
import { discoveryQuery } from "@/components/sources/queries";
import { parseNothing } from "@/lib/operators/input";
import { readDiscovery } from "@/lib/sources/discovery";

export const metadata: Metadata = { title: "Add a source" };

export default page(() => ({ needs: [one(discoveryQuery(), parseNothing, readDiscovery, {})], screen: <DiscoveryScreen /> }));
