"use client";
import { useEffect, useRef } from "react";
import { type KeyMap, keyName, meaningOf } from "./key-press";

// Nothing is typed into a box that is ticked: after choosing a row the keys of the list still work.
const ticks = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type);

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !ticks(target)));

const floating = (): boolean => document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]") !== null;

// All parts of the screen, the innermost first; one listener, so that they agree on what follows `g`.
const maps = new Set<{ current: KeyMap }>();
const LEAD_MS = 1_200;
let lead: string | null = null;
let leadAt = 0;

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || floating()) return;
  // The keys that change others come first, and are none themselves.
  if (event.key === "Shift") return;
  if (event.timeStamp - leadAt > LEAD_MS) lead = null;
  const meaning = meaningOf(
    [...maps].map((map) => map.current),
    lead,
    keyName(event),
  );
  lead = meaning.lead;
  leadAt = event.timeStamp;
  if (!meaning.action) return;
  event.preventDefault();
  meaning.action(event);
}

/**
 * Keys of a part of the screen: `j`, `Escape`, `shift+x`, `g z` (one after the other). Silent while somebody types, while a dialog is
 * open, and with ctrl, alt or meta held.
 */
export function useKeys(map: KeyMap): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (maps.size === 0) window.addEventListener("keydown", onKey);
    maps.add(latest);
    return () => {
      maps.delete(latest);
      if (maps.size === 0) window.removeEventListener("keydown", onKey);
    };
  }, []);
}
