import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Icon, type IconName } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";

/** How many of what is previewed share an outcome, and what that means. */
export function OutcomeRow({ n, href, glyph, children }: { n: number; href?: string; glyph: ReactNode; children: ReactNode }) {
  const figure = n.toLocaleString("en-US");
  return (
    <li className="grid grid-cols-[18px_56px_1fr] gap-2 border-b py-2.25 last:border-b-0">
      {glyph}
      <span className="pr-1 text-right text-18 leading-5 font-semibold">
        {href === undefined ? (
          figure
        ) : (
          <Link href={href} target="_blank" title="Show these messages" className="link">
            {figure}
          </Link>
        )}
      </span>
      <div className="min-w-0">{children}</div>
    </li>
  );
}

/** What holds for all of it. */
export function OutcomeNote({
  icon,
  filled = false,
  className,
  children,
}: {
  icon: IconName;
  filled?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={cn("mt-2 flex gap-2.5 rounded-control px-3 py-2.5 text-12 text-ink-2", filled && "bg-sunken", className)}>
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  );
}
