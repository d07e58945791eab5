"use client";
import { Button } from "./button";
import { useKeys } from "./keys";

/** Rows would have moved while the list was in use: says so, and lets them on request. Takes no room in the flow. */
export function MovedNote({ movedN, what, release }: { movedN: number; what: string; release: () => void }) {
  useKeys({ u: release });
  if (movedN === 0) return null;
  return (
    <div className="absolute inset-x-0 top-2 z-10 flex justify-center">
      <Button size="sm" shortcut="u" className="shadow-float" onClick={release}>
        {movedN} {what} changed, press
      </Button>
    </div>
  );
}
