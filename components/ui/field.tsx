"use client";
import { type ChangeEvent, type ComponentProps, useId } from "react";
import { cn } from "./cn";
import { Icon } from "./icons";

const box =
  "w-full rounded-control border border-line-control bg-surface px-2.5 placeholder:text-ink-3 aria-invalid:border-breach-fill max-md:text-16";

export const Input = ({ className, ...rest }: ComponentProps<"input">) => (
  <input {...rest} className={cn(box, "h-8 max-md:h-11", className)} />
);

export const Textarea = ({ className, ...rest }: ComponentProps<"textarea">) => (
  <textarea {...rest} className={cn(box, "min-h-14 py-1.5", className)} />
);

type FieldProps = { label: string; note?: string; error?: string | null; onText?: (text: string) => void } & (
  | ({ rows: number } & ComponentProps<"textarea">)
  | ({ rows?: undefined } & ComponentProps<"input">)
);

/** A label, the box below it, of one line or of several, and under that what is wrong with it. */
export function Field({ label, note, error, onText, ...rest }: FieldProps) {
  const id = useId();
  const wired = {
    id,
    "aria-invalid": Boolean(error ?? rest["aria-invalid"]),
    "aria-describedby": error ? `${id}-below` : undefined,
    ...(onText && { onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onText(event.target.value) }),
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-12 font-medium">
        {label} {note && <span className="font-normal text-ink-3">{note}</span>}
      </label>
      {rest.rows === undefined ? <Input {...rest} {...wired} /> : <Textarea {...rest} {...wired} />}
      {error && (
        <p id={`${id}-below`} role="alert" className="flex items-center gap-1.25 text-12 text-breach-fg">
          <Icon name="x" size={12} />
          {error}
        </p>
      )}
    </div>
  );
}
