"use client";
import { useEffect, useState } from "react";

// For as long as the tab is open: what was chosen yesterday is another list by now.
function stored(name: string): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(`selection ${name}`) ?? "[]");
  } catch {
    return [];
  }
}

function store(name: string, ids: ReadonlySet<string>): void {
  try {
    sessionStorage.setItem(`selection ${name}`, JSON.stringify([...ids]));
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}

/**
 * Which rows are chosen; shift chooses all between the last one and this. Rows that left the list leave the choice, unless it is kept under
 * a name: then they are chosen again when they are back, on a later page or after the page was loaded anew. Only what is there counts.
 */
export function useSelection(ids: string[], keptAs: string | null = null) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (keptAs !== null) choose(new Set(stored(keptAs)));
  }, [keptAs]);
  const setChosen = (next: ReadonlySet<string>) => {
    choose(next);
    if (keptAs !== null) store(keptAs, next);
  };
  const [anchor, setAnchor] = useState<string | null>(null);
  const present = ids.filter((id) => chosen.has(id));
  const toggle = (id: string, range: boolean) => {
    const from = anchor === null ? -1 : ids.indexOf(anchor);
    const to = ids.indexOf(id);
    const touched = range && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    const next = new Set(keptAs === null ? present : chosen);
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
