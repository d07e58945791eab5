"use client";
import { Icon } from "@/components/ui/icons";
import { Kbd } from "@/components/ui/kbd";
import { usePalette } from "./palette";

/** Looks like a field and opens the palette, where one types. */
export function SearchBox() {
  const { setOpen } = usePalette();
  return (
    <button
      type="button"
      aria-keyshortcuts="/ Control+K Meta+K"
      onClick={() => setOpen(true)}
      className="mt-2 flex h-control flex-none items-center gap-2 rounded-control border border-line-control bg-surface px-2 text-left text-12 text-ink-3 hover:text-ink-2"
    >
      <Icon name="search" size={14} />
      <span className="min-w-0 flex-1 truncate">Find a key, event, zone</span>
      <Kbd>/</Kbd>
    </button>
  );
}
