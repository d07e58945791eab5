"use client";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { whenTouched } from "./on-demand";
import { deliverTo, isWanted, type News } from "./toast";

const load = () => import("./toast-list");
whenTouched(() => void load().catch(() => {}));
const List = lazy(() =>
  load().then(
    ({ ToastList }) => ({ default: ToastList }),
    () => ({ default: PlainList }),
  ),
);

/** The place of short news; empty until there is some. */
export function Toaster() {
  const wanted = useSyncExternalStore(isWanted.subscribe, isWanted.get, () => false);
  return (
    wanted && (
      <Suspense fallback={null}>
        <List />
      </Suspense>
    )
  );
}

/** Where the list itself could not be loaded, the last news still has to be read. */
function PlainList() {
  const [last, setLast] = useState<News | null>(null);
  useEffect(() => deliverTo(setLast), []);
  return (
    <p role="status" className="fixed inset-x-4 bottom-4 z-50 rounded-panel bg-ink px-3.5 py-2.5 text-canvas empty:hidden">
      {last?.text}
    </p>
  );
}
