"use client";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icons";

export const TITLE = "Find, go or do";
export const WHAT = "Find a key, an id, a zone, or something to do";

/** The window of the palette, before its parts are loaded and after. */
export const scrimLook = "appear fixed inset-0 z-40 bg-scrim";
export const windowLook =
  "rise fixed top-[10vh] left-1/2 z-50 flex max-h-[76dvh] w-[calc(100vw-32px)] max-w-160 -translate-x-1/2 flex-col overflow-hidden rounded-dialog border border-line-strong bg-raised shadow-dialog outline-none max-md:top-0 max-md:h-dvh max-md:max-h-none max-md:w-full max-md:rounded-none max-md:border-0";

/** What every field of the palette has; no text is longer that anything could be found by. */
export const fieldProps = {
  maxLength: 200,
  placeholder: WHAT,
  className: "h-12 min-w-0 flex-1 bg-transparent text-15 outline-none placeholder:text-ink-3",
} as const;

/** The first line of the palette: a field, and the way out. */
export function FieldRow({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  return (
    <div className="flex items-center gap-2.5 border-b px-4">
      <Icon name="search" className="text-ink-3" />
      {children}
      <IconButton name="x" label="Close" onClick={onClose} />
    </div>
  );
}
