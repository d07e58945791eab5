"use client";
import { useRef, useState } from "react";

const order = <T>(rows: T[], idOf: (row: T) => string, ids: string[]): T[] => {
  const place = new Map(ids.map((id, i) => [id, i]));
  return [...rows].sort((a, b) => (place.get(idOf(a)) ?? 1e9) - (place.get(idOf(b)) ?? 1e9));
};

/**
 * A refresh never moves a row under the pointer or the keyboard: while the list is hovered or holds the focus, rows keep
 * their places (their figures still change) and `movedN` says how many would move. `release` puts them in order.
 */
export function useHeldOrder<T>(rows: T[], idOf: (row: T) => string) {
  const [held, setHeld] = useState<string[] | null>(null);
  const ids = rows.map(idOf);
  const latest = useRef(ids);
  latest.current = ids;
  const present = new Set(ids);
  const movedN = held === null ? 0 : ids.filter((id, i) => held[i] !== id).length + held.filter((id) => !present.has(id)).length;
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
    rows: held === null ? rows : order(rows, idOf, held),
    movedN,
    release: () => setHeld(held === null ? null : latest.current),
    hover,
  };
}
