import { cn } from "./cn";

/** A key to press. Hidden on phones, which have none. */
export function Kbd({ children, on = "surface" }: { children: string; on?: "surface" | "fill" }) {
  return (
    <kbd
      className={cn(
        "inline-block h-4.25 min-w-4.25 rounded-bar border px-1 text-center font-sans text-11 font-normal leading-3.75 max-md:hidden",
        on === "fill" ? "border-on-accent/45 text-on-accent" : "border-line-strong bg-surface text-ink-3",
      )}
    >
      {children}
    </kbd>
  );
}
