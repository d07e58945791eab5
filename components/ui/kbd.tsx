"use client";
import { useSyncExternalStore } from "react";
import { cn } from "./cn";

/** Sends a form, wherever it is pressed in it. */
export const SUBMIT_KEYS = "Mod ⏎";

const never = () => () => {};
const isApple = (): boolean => /^(Mac|iP)/.test(navigator.platform);

/** A key to press; `Mod` is named as this machine's keyboard has it, ⌘ or Ctrl. Hidden on phones, which have none. */
export function Kbd({ children, on = "surface" }: { children: string; on?: "surface" | "fill" }) {
  const apple = useSyncExternalStore(never, isApple, () => false);
  return (
    <kbd
      className={cn(
        "inline-block h-4.25 min-w-4.25 rounded-bar border px-1 text-center font-sans text-11 font-normal leading-3.75 max-md:hidden",
        on === "fill" ? "border-on-accent/45 text-on-accent" : "border-line-strong bg-surface text-ink-3",
      )}
    >
      {children.replace("Mod ", apple ? "⌘" : "Ctrl ")}
    </kbd>
  );
}
