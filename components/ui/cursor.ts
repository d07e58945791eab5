"use client";
import { useState } from "react";
import { useKeys } from "./keys";

/** A row cursor for a list: `j` and `k` move it, `⏎` opens. The row is kept by id, so that a refresh never moves it. */
export function useRowCursor(ids: string[], open: (id: string) => void) {
  const [id, setId] = useState<string | null>(null);
  const at = id === null ? -1 : ids.indexOf(id);
  const move = (to: number) => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, to))];
    if (next === undefined) return;
    setId(next);
    document.querySelector(`[data-row="${CSS.escape(next)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: () => move(at + 1),
    k: () => move(at < 0 ? 0 : at - 1),
    Enter: (event) => {
      const focused = event.target instanceof HTMLElement && event.target.closest("a,button,summary,[role=button]");
      if (focused instanceof HTMLElement) focused.click();
      else if (at >= 0) open(ids[at]!);
    },
  });
  return { id: at < 0 ? null : id, setId };
}
