import type { ReactNode } from "react";
import { Environment } from "@/components/shell/brand";
import { Mark } from "@/components/ui/mark";

type Props = { title: string; note: string; environment: string; children: ReactNode };

/** The page around signing in and out: the mark and the environment, one sentence, one panel. */
export function Entrance({ title, note, environment, children }: Props) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-95 flex-col justify-center gap-5 px-4 py-10">
      <div className="flex items-center gap-2 text-14 font-semibold tracking-lead">
        <Mark />
        Accord
        <Environment name={environment} className="ml-auto" />
      </div>
      <div className="flex flex-col gap-1">
        <h1 className="text-22 font-medium tracking-title">{title}</h1>
        <p className="text-ink-2">{note}</p>
      </div>
      <div className="rounded-panel border border-line bg-surface p-5 shadow-panel">{children}</div>
    </main>
  );
}
