import type { ReactNode } from "react";

type Props = { label: string; className?: string; style?: React.CSSProperties; children: ReactNode };

/** A named region that scrolls on its own, and therefore takes the focus. */
export function ScrollRegion({ label, children, ...rest }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} {...rest}>
      {children}
    </section>
  );
}
