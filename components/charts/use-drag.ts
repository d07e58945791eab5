"use client";
import { type PointerEvent, useState } from "react";
import type { Instant } from "@/lib/time";
import { useCursor } from "./cursor";
import { room } from "./scale";

// A hand that clicks moves a little; this much is meant.
const LEAST_PX = 8;

/** The pointer over a plot: it sets the crosshair, and what it draws a span over is zoomed to. A finger scrolls instead. */
export function useDrag(from: Instant, to: Instant, plotWidth: number) {
  const { setAt, zoom } = useCursor();
  const [start, setStart] = useState<Instant | null>(null);
  const [end, setEnd] = useState<Instant | null>(null);
  const instantOf = (event: PointerEvent): Instant => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - room.left;
    return from + Math.max(0, Math.min(1, x / plotWidth)) * (to - from);
  };
  const drop = () => {
    setStart(null);
    setEnd(null);
  };
  const handlers = {
    onPointerMove: (event: PointerEvent) => {
      const at = instantOf(event);
      setAt(at);
      if (start !== null) setEnd(at);
    },
    onPointerLeave: () => {
      setAt(null);
      drop();
    },
    onPointerDown: (event: PointerEvent) => {
      if (!zoom || event.pointerType === "touch" || event.button !== 0) return;
      if ((event.target as Element).closest("a,button")) return;
      event.preventDefault();
      setStart(instantOf(event));
    },
    onPointerUp: () => {
      const wide = start !== null && end !== null && (Math.abs(end - start) / (to - from)) * plotWidth >= LEAST_PX;
      if (wide) zoom?.(Math.min(start, end), Math.max(start, end));
      drop();
    },
  };
  const span = start === null || end === null ? null : { from: Math.min(start, end), to: Math.max(start, end) };
  return { handlers, span };
}
