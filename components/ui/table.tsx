import type { ComponentProps } from "react";
import { cn } from "./cn";
import { ScrollRegion } from "./scroll-region";

/** A table is a table; wide ones scroll inside their panel. Named where nothing in it takes the focus, so that it can be scrolled by keyboard. */
export function Table({ className, label, ...rest }: ComponentProps<"table"> & { label?: string }) {
  const table = <table {...rest} className={cn("w-full border-collapse [&_tr:last-child>td]:border-b-0", className)} />;
  const frame = "relative overflow-x-auto";
  return label ? (
    <ScrollRegion label={label} className={frame}>
      {table}
    </ScrollRegion>
  ) : (
    <div className={frame}>{table}</div>
  );
}

type CellProps = { num?: boolean };

export function Th({ num, className, ...rest }: CellProps & ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cn(
        "whitespace-nowrap border-b px-2.5 py-2 align-bottom text-11 leading-3.5 text-ink-3 first:pl-3.5",
        num && "pr-3.5 text-right",
        className,
      )}
    />
  );
}

export function Td({ num, className, ...rest }: CellProps & ComponentProps<"td">) {
  return (
    <td
      {...rest}
      className={cn("border-b px-2.5 py-2 align-middle first:pl-3.5", num && "whitespace-nowrap pr-3.5 text-right", className)}
    />
  );
}

/** A number in a cell: zero is grey, null is a dash, exact on hover when shortened. */
export function Count({ n, text, className }: { n: number | null; text?: string; className?: string }) {
  if (n === null)
    return (
      <span className="text-ink-3" title="No data">
        –
      </span>
    );
  return (
    <span className={cn(n === 0 && "text-ink-3", className)} title={n > 99_999 ? n.toLocaleString("en-US") : undefined}>
      {text ?? n.toLocaleString("en-US")}
    </span>
  );
}
