"use client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useRef } from "react";
import { Loaded } from "@/components/live/loaded";
import { Link } from "@/components/ui/link";
import { useSeen } from "@/components/ui/media";
import { Panel, PanelHead } from "@/components/ui/panel";
import { objectiveQuery } from "./queries";

// Loaded when it comes into sight: nobody who only reads what is wrong now pays for it.
const PromiseBody = lazy(() =>
  import("./promise-body").catch(() => ({
    default: () => <p className="px-3.5 py-6 text-12 text-ink-2">This could not be loaded; reloading the page may help.</p>,
  })),
);

/** How a zone's promise is kept: figure, budget, burn, what used it up, and a year of days. */
export function PromisePanel({ zoneId }: { zoneId: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSeen(frame);
  const query = useQuery({ ...objectiveQuery(zoneId), enabled: seen });
  return (
    <Panel id="promise" aria-label="Promise kept">
      <PanelHead title="Promise kept" note="deliveries that converged within the window">
        <Link href="/promises" className="link text-12">
          Month by month
        </Link>
      </PanelHead>
      <div ref={frame} className="min-h-72">
        {seen && (
          <Loaded query={query} what="The promise" waiting={null}>
            {(view) => (
              <Suspense fallback={null}>
                <PromiseBody view={view} />
              </Suspense>
            )}
          </Loaded>
        )}
      </div>
    </Panel>
  );
}
