import type { ReactNode } from "react";

/** A label over what is chosen with buttons; below it what is wrong with the choice, or a hint. */
export function Choice({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string;
  error?: string | null;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-1">
      <span className="text-12 font-medium" aria-hidden="true">
        {label}
      </span>
      <div className="max-w-full overflow-x-auto">{children}</div>
      {error ? (
        <p role="alert" className="text-12 text-breach-fg">
          {error}
        </p>
      ) : (
        hint && <p className="text-12 text-ink-3">{hint}</p>
      )}
    </div>
  );
}
