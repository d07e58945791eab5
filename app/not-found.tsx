import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-4 py-24">
      <Panel>
        <Empty
          kind="filtered"
          headline
          title="There is nothing at this address"
          actions={
            <ButtonLink href="/zones" size="sm">
              Go to Zones
            </ButtonLink>
          }
        >
          A zone, group or operation keeps its address for good, so this one was mistyped or cut.
        </Empty>
      </Panel>
    </main>
  );
}
