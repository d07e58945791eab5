import { cn } from "@/components/ui/cn";
import { Link } from "./link";

/** The page of a business key. */
export const keyHref = (key: string): string => `/keys/${encodeURIComponent(key)}`;

/** A business key, wherever one is shown: leads to everything that is known of it. */
export function KeyLink({ businessKey, className }: { businessKey: string; className?: string }) {
  return (
    <Link
      href={keyHref(businessKey)}
      onClick={(event) => event.stopPropagation()}
      className={cn("mono hover:underline [overflow-wrap:anywhere]", className)}
    >
      {businessKey}
    </Link>
  );
}
