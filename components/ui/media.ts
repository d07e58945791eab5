"use client";
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";

/** Whether a media query holds; false on the server. For what must exist once, either here or there. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** A small screen under a finger. */
export const usePhone = (): boolean => useMedia("(max-width: 899px) and (pointer: coarse)");

/** The width of an element in pixels, followed as it changes; 0 on the server. */
export function useWidth(frame: RefObject<HTMLDivElement | null>): number {
  return useSyncExternalStore(
    (changed) => {
      const observer = new ResizeObserver(changed);
      if (frame.current) observer.observe(frame.current);
      return () => observer.disconnect();
    },
    () => frame.current?.clientWidth ?? 0,
    () => 0,
  );
}

/** Whether an element was ever in sight, or nearly. */
export function useSeen(frame: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !frame.current) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: "100px",
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [seen, frame]);
  return seen;
}
