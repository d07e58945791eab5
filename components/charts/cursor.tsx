"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useKeys } from "@/components/ui/keys";
import type { Instant } from "@/lib/time";

type Cursor = {
  at: Instant | null;
  setAt: (at: Instant | null) => void;
  /** Shows what lies between two instants; absent where the span is given. */
  zoom?: (from: Instant, to: Instant) => void;
};

const CursorContext = createContext<Cursor>({ at: null, setAt: () => {} });

export const useCursor = (): Cursor => useContext(CursorContext);

type Props = { from: Instant; to: Instant; stepMs: number; zoom?: (from: Instant, to: Instant) => void; children: ReactNode };

/** One crosshair for all charts inside: the pointer sets it, ← and → move it by a step, `z` shows a quarter of the span around it. */
export function SharedCursor({ from, to, stepMs, zoom, children }: Props) {
  const [at, setAt] = useState<Instant | null>(null);
  const move = (steps: number) =>
    setAt((now) => Math.max(from, Math.min(to, (now === null ? (steps < 0 ? to : from) : now) + steps * stepMs)));
  const closer = () => {
    const eighth = (to - from) / 8;
    const middle = Math.max(from + eighth, Math.min(to - eighth, at ?? to));
    zoom?.(middle - eighth, middle + eighth);
  };
  useKeys({ ArrowLeft: () => move(-1), ArrowRight: () => move(1), ...(zoom && { z: closer }) });
  const cursor = useMemo(() => ({ at, setAt, ...(zoom && { zoom }) }), [at, zoom]);
  return <CursorContext value={cursor}>{children}</CursorContext>;
}
