"use client";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { Icon } from "./icons";

type FieldProps = {
  label: string;
  note?: string;
  hint?: ReactNode;
  error?: string | null;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
};

/** A label above, a hint or the error below. */
export function Field({ label, note, hint, error, children }: FieldProps) {
  const id = useId();
  const below = error || hint ? `${id}-below` : undefined;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-12 font-medium">
        {label} {note && <span className="font-normal text-ink-3">{note}</span>}
      </label>
      {children({ id, describedBy: below, invalid: Boolean(error) })}
      {error ? (
        <p id={below} role="alert" className="flex items-center gap-[5px] text-12 text-breach-fg">
          <Icon name="x" size={12} />
          {error}
        </p>
      ) : (
        hint && (
          <p id={below} className="text-12 text-ink-3">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

const box =
  "w-full rounded-control border border-line-control bg-surface px-2.5 placeholder:text-ink-3 aria-invalid:border-breach-fill max-md:text-[16px]";

export const Input = ({ className, ...rest }: ComponentProps<"input">) => (
  <input {...rest} className={cn(box, "h-8 max-md:h-11", className)} />
);

export const Textarea = ({ className, ...rest }: ComponentProps<"textarea">) => (
  <textarea {...rest} className={cn(box, "min-h-14 py-1.5", className)} />
);
