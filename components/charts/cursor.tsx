"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useKeys } from "@/components/ui/keys";
import type { Instant } from "@/lib/time";

type Cursor = { at: Instant | null; setAt: (at: Instant | null) => void };

const CursorContext = createContext<Cursor>({ at: null, setAt: () => {} });

export const useCursor = (): Cursor => useContext(CursorContext);

/** One crosshair for all charts inside: the pointer sets it, ← and → move it by a step. */
export function SharedCursor({
  from,
  to,
  stepMs,
  children,
}: {
  from: Instant;
  to: Instant;
  stepMs: number;
  children: ReactNode;
}) {
  const [at, setAt] = useState<Instant | null>(null);
  const move = (steps: number) =>
    setAt((now) => Math.max(from, Math.min(to, (now === null ? (steps < 0 ? to : from) : now) + steps * stepMs)));
  useKeys({ ArrowLeft: () => move(-1), ArrowRight: () => move(1) });
  const cursor = useMemo(() => ({ at, setAt }), [at]);
  return <CursorContext value={cursor}>{children}</CursorContext>;
}
