import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";

/** The mark, the name and the environment, which is shown on every screen. */
export function Brand({ environment }: { environment: string | null }) {
  return (
    <div className="flex h-7 min-w-0 items-center gap-2 px-2 text-14 font-semibold tracking-lead">
      <Link href="/zones" className="flex flex-none items-center gap-2">
        <Mark className="max-md:hidden" />
        Accord
      </Link>
      {environment && <Environment name={environment} className="ml-auto min-w-0 max-md:ml-1 max-md:max-w-32" />}
    </div>
  );
}

/** Which environment this is, outlined: on every screen, so that nobody acts on the wrong one. */
export const Environment = ({ name, className }: { name: string; className?: string }) =>
  name && (
    <span className={cn("truncate rounded-bar border border-line-strong px-1.25 text-11 font-medium text-ink-2", className)}>
      {name}
    </span>
  );
