"use client";
import { useEffect, useRef } from "react";
import { Field, Textarea } from "./field";

/** Why; it has the focus as soon as the preview is there. */
export function ReasonField({
  value,
  error,
  placeholder,
  onChange,
}: {
  value: string;
  error: string | null;
  placeholder: string;
  onChange: (value: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  return (
    <Field label="Reason" note="required, shown in the audit" error={error}>
      {({ id, describedBy, invalid }) => (
        <Textarea
          ref={area}
          id={id}
          rows={3}
          value={value}
          maxLength={2_000}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
