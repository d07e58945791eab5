"use client";
import { type ComponentType, type FC, lazy, Suspense } from "react";
import { Button } from "./button";

const waiting: (() => void)[] = [];
let touched = false;

function touch(): void {
  touched = true;
  for (const run of waiting.splice(0)) run();
}
if (typeof window !== "undefined")
  for (const kind of ["pointermove", "pointerdown", "keydown"])
    window.addEventListener(kind, touch, { once: true, passive: true, capture: true });

/** Runs when somebody first moves, presses or types on this page: what a page that is only looked at never needs. At once where that was before. */
export function whenTouched(run: () => void): void {
  if (touched) run();
  else waiting.push(run);
}

/**
 * A dialog whose code no page needs before somebody asks for it. It is fetched at the first touch of the page, so that it is there when its button
 * is pressed; pressed earlier, it opens as soon as it is.
 */
export function onDemand<P extends { onClose: () => void }>(load: () => Promise<ComponentType<P>>): FC<P> {
  let begun: Promise<ComponentType<P>> | null = null;
  const fetched = () => {
    begun ??= load();
    // What failed once, without a network for instance, is tried again when it is asked for.
    begun.catch(() => {
      begun = null;
    });
    return begun;
  };
  whenTouched(() => fetched().catch(() => {}));
  const Part = lazy<ComponentType<P>>(() =>
    fetched().then(
      (loaded) => ({ default: loaded }),
      () => ({ default: NotLoaded }),
    ),
  );
  return function OnDemand(props: P) {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}

/** A page that outlives its release finds no part of it any more. */
function NotLoaded({ onClose }: { onClose: () => void }) {
  return (
    <div
      role="alert"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto flex max-w-sentence items-center gap-3 rounded-panel border border-line-strong bg-raised px-4 py-3 shadow-float"
    >
      <p className="min-w-0 flex-1">This part of the page could not be loaded. Reloading the page may bring it back.</p>
      <Button onClick={onClose}>Close</Button>
    </div>
  );
}
