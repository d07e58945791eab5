"use client";
import { useSyncExternalStore } from "react";

/** A choice that this browser keeps, the same for all that is on the page; `usual` on the server, while hydrating, and until somebody chooses. */
export function keptChoice<V extends string>(
  key: string,
  values: readonly V[],
  usual: V,
  changed: (value: V) => void = () => {},
) {
  const listeners = new Set<() => void>();
  let value: V | null = null;
  const read = (): V => {
    if (value === null) {
      value = stored() ?? usual;
      changed(value);
    }
    return value;
  };
  const stored = (): V | undefined => {
    try {
      return values.find((one) => one === localStorage.getItem(key));
    } catch {
      // A browser that keeps nothing has the usual.
      return undefined;
    }
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    read,
    subscribe,
    choose: (next: V) => {
      value = next;
      changed(next);
      try {
        localStorage.setItem(key, next);
      } catch {
        // The choice holds until the page is left.
      }
      for (const listener of listeners) listener();
    },
    use: (): V => useSyncExternalStore(subscribe, read, () => usual),
  };
}
