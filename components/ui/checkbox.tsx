"use client";

type Props = { checked: boolean | "indeterminate"; onChange: (checked: boolean, shift: boolean) => void; label: string };

/** A check with a name; shift is told, for ranges. It is the browser's own: no screen loads a library for it. */
export function Checkbox({ checked, onChange, label }: Props) {
  return (
    <span className="relative inline-grid size-3.75 flex-none place-items-center align-[-3px] text-on-accent">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked === true}
        ref={(box) => {
          if (box) box.indeterminate = checked === "indeterminate";
        }}
        onClick={(event) => event.stopPropagation()}
        onChange={({ nativeEvent }) => onChange(checked !== true, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
        className="absolute inset-0 m-0 cursor-pointer appearance-none rounded-bar border-[1.5px] border-line-control bg-surface after:absolute after:-inset-3.5 checked:border-accent-fill checked:bg-accent-fill indeterminate:border-accent-fill indeterminate:bg-accent-fill"
      />
      {checked !== false && (
        <svg
          viewBox="0 0 16 16"
          width="12"
          height="12"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.4"
          aria-hidden="true"
          className="pointer-events-none relative"
        >
          <path d={checked === "indeterminate" ? "M3.5 8h9" : "m3 8.5 3.2 3.200L13 4.8"} />
        </svg>
      )}
    </span>
  );
}
