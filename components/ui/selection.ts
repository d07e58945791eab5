"use client";
import { useState } from "react";

/** Which rows are chosen; shift chooses all between the last one and this. Rows that left the list leave the choice. */
export function useSelection(ids: string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | null>(null);
  const present = ids.filter((id) => chosen.has(id));
  const toggle = (id: string, range: boolean) => {
    const from = anchor === null ? -1 : ids.indexOf(anchor);
    const to = ids.indexOf(id);
    const touched = range && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    const next = new Set(present);
    const add = range || !next.has(id);
    for (const each of touched) add ? next.add(each) : next.delete(each);
    setChosen(next);
    setAnchor(id);
  };
  const all = present.length > 0 && present.length === ids.length;
  return {
    ids: present,
    has: (id: string) => chosen.has(id),
    toggle,
    toggleAll: () => setChosen(all ? new Set() : new Set(ids)),
    clear: () => setChosen(new Set()),
    state: all ? true : present.length > 0 ? ("indeterminate" as const) : false,
  };
}

export type SelectionOfRows = ReturnType<typeof useSelection>;
