"use client";
import { Checkbox as Radix } from "radix-ui";

type Props = { checked: boolean | "indeterminate"; onChange: (checked: boolean, shift: boolean) => void; label: string };

/** A check with a name; shift is told, for ranges. */
export function Checkbox({ checked, onChange, label }: Props) {
  return (
    <Radix.Root
      checked={checked}
      aria-label={label}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onChange(checked !== true, event.shiftKey);
      }}
      className="group relative inline-grid size-3.75 flex-none place-items-center rounded-bar border-[1.5px] border-line-control bg-surface align-[-3px] text-on-accent after:absolute after:-inset-3.5 data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill data-[state=indeterminate]:border-accent-fill data-[state=indeterminate]:bg-accent-fill"
    >
      <Radix.Indicator>
        <svg viewBox="0 0 16 16" width="12" height="12" fill="none" stroke="currentColor" strokeWidth="2.4" aria-hidden="true">
          <path d={checked === "indeterminate" ? "M3.5 8h9" : "m3 8.5 3.2 3.200L13 4.8"} />
        </svg>
      </Radix.Indicator>
    </Radix.Root>
  );
}
