"use client";
import { Kbd } from "./kbd";

/** Lets go of what is selected; Esc does the same. */
export function ClearSelection({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      className="inline-flex items-center gap-1 text-12 text-ink-3 hover:text-ink max-md:min-h-11"
      onClick={onClick}
    >
      <Kbd>Esc</Kbd> clear
    </button>
  );
}
