"use client";
import { useSyncExternalStore } from "react";
import type { Instant } from "@/lib/time";

// One ticker for every live age on the page; it runs while somebody listens.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let second = 0;
let offsetMs = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    second = currentSecond();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

const currentSecond = (): number => Math.floor((Date.now() + offsetMs) / 1_000) * 1_000;

function snapshot(): number {
  if (second === 0 || Math.abs(currentSecond() - second) > 1_500) second = currentSecond();
  return second;
}

/** The server's clock decides: an answer's `now` corrects a browser whose clock is off by more than the trip can explain. */
export function learnServerNow(now: Instant): void {
  const off = now - Date.now();
  offsetMs = Math.abs(off) > 5_000 ? off : 0;
}

/** The present second, ticking; null on the server and while hydrating, so that both draw the same. */
export const useNow = (): Instant | null => useSyncExternalStore<number | null>(subscribe, snapshot, () => null);

const never = () => () => {};

/** False on the server and in the first paint, true after: for what only the browser knows (its time zone). */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
