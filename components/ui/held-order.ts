"use client";
import { useRef, useState } from "react";

const placed = <T>(rows: T[], idOf: (row: T) => string, ids: string[]): T[] => {
  const place = new Map(ids.map((id, i) => [id, i]));
  return [...rows].sort((a, b) => (place.get(idOf(a)) ?? 1e9) - (place.get(idOf(b)) ?? 1e9));
};

/** How many rows would move if a held list were put in order: those that come, those that go, and those that change places. */
export function movedCount(held: readonly string[], ids: readonly string[]): number {
  const [before, after] = [new Set(held), new Set(ids)];
  const stayed = held.filter((id) => after.has(id));
  const swapped = ids.filter((id) => before.has(id)).filter((id, i) => stayed[i] !== id).length;
  return swapped + (held.length - stayed.length) + (ids.length - stayed.length);
}

/**
 * A refresh never moves a row under the pointer or the keyboard: while the list is hovered or holds the focus, rows keep
 * their places (their figures still change) and `movedN` says how many would move. `release` puts them in order. Another `order` that
 * somebody asks for holds at once.
 */
export function useHeldOrder<T>(rows: T[], idOf: (row: T) => string, order = "") {
  const [held, setHeld] = useState<string[] | null>(null);
  const [inOrder, setInOrder] = useState(order);
  const ids = rows.map(idOf);
  if (inOrder !== order) {
    setInOrder(order);
    if (held !== null) setHeld(ids);
  }
  const latest = useRef(ids);
  latest.current = ids;
  const movedN = held === null ? 0 : movedCount(held, ids);
  const hold = () => setHeld((now) => now ?? latest.current);
  const letGo = () => setHeld(null);
  const hover = {
    onPointerEnter: hold,
    onPointerLeave: letGo,
    onFocus: hold,
    onBlur: (event: React.FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) letGo();
    },
  };
  return {
    rows: held === null ? rows : placed(rows, idOf, held),
    movedN,
    release: () => setHeld(held === null ? null : latest.current),
    hover,
  };
}
