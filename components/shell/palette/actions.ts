"use client";
import { useEffect, useId, useSyncExternalStore } from "react";

/** Something that can be done on the screen in sight. `keys` is how it is done without the palette; `blocked` says why not. */
export type ScreenAction = { label: string; run: () => void; keys?: string; blocked?: string | null };

// What the parts of the screen offer, in the order in which they came.
const offered = new Map<string, ScreenAction[]>();
const listeners = new Set<() => void>();
let all: ScreenAction[] = [];

function tell(): void {
  all = [...offered.values()].flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers a part's actions in the command palette, as long as the part is in sight. */
export function useScreenActions(actions: ScreenAction[]): void {
  const id = useId();
  // What they do changes with every render; who listens is told, and reads the latest.
  useEffect(() => {
    offered.set(id, actions);
    if (listeners.size > 0) tell();
  });
  useEffect(
    () => () => {
      offered.delete(id);
      tell();
    },
    [id],
  );
}

const none: ScreenAction[] = [];

/** What the screen in sight offers. */
export function useOfferedActions(): ScreenAction[] {
  useEffect(tell, []);
  return useSyncExternalStore(
    subscribe,
    () => all,
    () => none,
  );
}
