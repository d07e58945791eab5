import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { sourcesQuery } from "@/components/sources/queries";
import { SourcesScreen } from "@/components/sources/sources-screen";
import { parseNothing } from "@/lib/operators/input";
import { readSources } from "@/lib/zones/sources";

export const metadata: Metadata = { title: "Sources" };

export default page(() => ({ needs: [one(sourcesQuery(), parseNothing, readSources, {})], screen: <SourcesScreen /> }));
