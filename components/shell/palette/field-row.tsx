"use client";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icons";

export const WHAT = "Find a key, an id, a zone, or something to do";

/** What every field of the palette has; no text is longer that anything could be found by. */
export const fieldProps = {
  maxLength: 200,
  placeholder: WHAT,
  className: "h-12 min-w-0 flex-1 bg-transparent text-15 outline-none placeholder:text-ink-3",
} as const;

/** The first line of the palette: a field, and the way out. */
export function FieldRow({ children }: { children: ReactNode }) {
  return (
    <div className="flex items-center gap-2.5 border-b px-4">
      <Icon name="search" className="text-ink-3" />
      {children}
      <Radix.Close asChild>
        <IconButton name="x" label="Close" />
      </Radix.Close>
    </div>
  );
}
