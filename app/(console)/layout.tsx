import { HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { me } from "@/app/_server/me";
import { hydrate } from "@/app/_server/page";
import { meQuery } from "@/components/shell/queries";
import { Shell } from "@/components/shell/shell";
import { zonesQuery } from "@/components/zones/queries";
import { readZones } from "@/lib/zones/service";

/** Every screen stands in the shell, which knows who looks and how all zones are. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const state = await hydrate([
    { queryKey: meQuery().queryKey, run: me },
    { queryKey: zonesQuery().queryKey, run: readZones },
  ]);
  return (
    <HydrationBoundary state={state}>
      <Shell>{children}</Shell>
    </HydrationBoundary>
  );
}
