"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type Toast, toasts } from "./toast";

const STAYS_MS = 5_000;
// What can be taken back wants to be read, found and pressed.
const STAYS_WITH_ACTION_MS = 10_000;

const none: readonly Toast[] = [];
const onVisibility = (changed: () => void) => {
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
};

/** Where short news appears: dark strips at the bottom, above the bottom bar on a phone. */
export function Toaster() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.read, () => none);
  return (
    <ul
      aria-label="News"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-6 z-60 flex flex-col items-center gap-2 max-md:bottom-18"
    >
      {shown.map((each) => (
        <Strip key={each.id} toast={each} />
      ))}
    </ul>
  );
}

/** Goes by itself; not while somebody is on it, nor while nobody sees the page. */
function Strip({ toast: { id, text, action } }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const hidden = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === "hidden",
    () => false,
  );
  useEffect(() => {
    if (held || hidden) return;
    const timer = setTimeout(() => toasts.drop(id), action ? STAYS_WITH_ACTION_MS : STAYS_MS);
    return () => clearTimeout(timer);
  }, [held, hidden, id, action]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  return (
    <li
      {...hold}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="rise pointer-events-auto flex w-full max-w-89 items-center gap-3 rounded-panel bg-ink px-3.5 py-2.5 text-13 text-canvas shadow-float"
    >
      {text}
      {action && (
        <button
          type="button"
          onClick={() => {
            toasts.drop(id);
            action.onClick();
          }}
          className="ml-auto shrink-0 whitespace-nowrap font-semibold underline underline-offset-3"
        >
          {action.label}
        </button>
      )}
    </li>
  );
}
