import type { ReactNode } from "react";
import { me } from "@/app/_server/me";
import { one } from "@/app/_server/needs";
import { Hydrated } from "@/app/_server/page";
import { meQuery } from "@/components/shell/queries";
import { Shell } from "@/components/shell/shell";
import { zonesQuery } from "@/components/zones/queries";
import { parseNothing } from "@/lib/operators/input";
import { readZones } from "@/lib/zones/service";

/** Every screen stands in the shell, which knows who looks and how all zones are. */
export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Hydrated needs={[one(meQuery(), parseNothing, me, {}), one(zonesQuery(), parseNothing, readZones, {})]}>
      <Shell>{children}</Shell>
    </Hydrated>
  );
}
