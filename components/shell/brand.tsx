import Link from "next/link";
import { cn } from "@/components/ui/cn";

/** The mark, the name and the environment, which is shown on every screen. */
export function Brand({ environment }: { environment: string | null }) {
  return (
    <div className="flex h-7 items-center gap-2 px-2 text-[14px] font-semibold tracking-[-0.01em]">
      <Link href="/zones" className="flex items-center gap-2">
        <svg
          width="18"
          height="18"
          viewBox="0 0 18 18"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        >
          <path d="M2 3.5C8 3.5 7 9 13 9M2 14.5C8 14.5 7 9 13 9h3" />
        </svg>
        Accord
      </Link>
      {environment && <Environment name={environment} className="ml-auto max-md:ml-1 max-md:max-w-32" />}
    </div>
  );
}

/** Which environment this is, outlined: on every screen, so that nobody acts on the wrong one. */
export const Environment = ({ name, className }: { name: string; className?: string }) =>
  name && (
    <span className={cn("truncate rounded-bar border border-line-strong px-[5px] text-11 font-medium text-ink-2", className)}>
      {name}
    </span>
  );
