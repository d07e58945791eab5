import { cn } from "./cn";

/** Work under way; the word beside it says which. */
export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-block size-3.25 flex-none animate-spin rounded-full border-2 border-current/40 border-t-current",
        className,
      )}
    />
  );
}
