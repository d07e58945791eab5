"use client";
import { useEffect, useRef } from "react";
import { Field } from "./field";

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
    <Field
      ref={area}
      rows={3}
      label="Reason"
      note="required, shown in the audit"
      error={error}
      value={value}
      maxLength={2_000}
      placeholder={placeholder}
      onText={onChange}
    />
  );
}
