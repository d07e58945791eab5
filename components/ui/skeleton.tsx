import { cn } from "./cn";
import { Panel } from "./panel";

/** A place that waits for its first data; drawn only after 300 ms, never in the shape of a verdict. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("skeleton block h-2.5", className)} />;
}

/** The first wait of a list. */
export function SkeletonRows({ rows = 4 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-13 items-center gap-10 border-b px-3.5 last:border-b-0">
          <div className="w-56 space-y-1.5">
            <Skeleton className="w-32" />
            <Skeleton className="h-2 w-40" />
          </div>
          <Skeleton className="w-32" />
          <Skeleton className="ml-auto w-7" />
        </div>
      ))}
    </div>
  );
}

/** The first wait of a panel without rows. */
export function SkeletonBlock({ className }: { className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={cn("space-y-3 p-3.5", className)}>
      <Skeleton className="w-1/2" />
      <Skeleton className="w-4/5" />
      <Skeleton className="w-2/3" />
    </div>
  );
}

/** The first wait of a page about one thing: its name, a sentence, and what is below. */
export function SkeletonPage() {
  return (
    <>
      <Skeleton className="h-6 w-80" />
      <Skeleton className="mt-3 h-5 w-2/3" />
      <Panel className="mt-10 h-56">
        <SkeletonBlock />
      </Panel>
    </>
  );
}
