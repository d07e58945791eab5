"use client";
import { cn } from "./cn";

type Props<V extends string> = { label: string; value: V; options: { value: V; label: string }[]; onChange: (value: V) => void };

/** One of a few, all in sight. */
export function Segmented<V extends string>({ label, value, options, onChange }: Props<V>) {
  return (
    <fieldset
      aria-label={label}
      className="inline-flex flex-none overflow-hidden rounded-control border border-line-strong bg-surface"
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(
            "inline-flex h-6 items-center whitespace-nowrap border-r px-2.5 text-12 text-ink-2 -outline-offset-2 last:border-r-0 hover:bg-hover max-md:h-11",
            option.value === value && "bg-selected font-medium text-accent ring-1 ring-accent-line ring-inset hover:bg-selected",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
