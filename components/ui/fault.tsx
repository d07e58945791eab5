"use client";
import { Button, ButtonLink } from "./button";
import { Empty } from "./empty";
import { Panel } from "./panel";

/** A screen that failed while it was drawn: what is still true, and how to go on. */
export function Fault({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  return (
    <Panel>
      <Empty
        kind="error"
        headline
        title="This screen could not be drawn"
        actions={
          <>
            <Button size="sm" onClick={retry}>
              Try again
            </Button>
            <ButtonLink href="/zones" size="sm" tone="ghost">
              Go to Zones
            </ButtonLink>
            {digest && (
              <span className="text-12 text-ink-3">
                error <span className="mono">{digest}</span>
              </span>
            )}
          </>
        }
      >
        The fault is in this page. Observing goes on, and what you asked for before is not affected.
      </Empty>
    </Panel>
  );
}
