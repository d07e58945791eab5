"use client";
import { useEffect, useEffectEvent } from "react";

// Nothing is typed into a box that is ticked: after choosing a row the keys of the list still work.
const ticks = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type);

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !ticks(target)));

const floating = (): boolean => document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]") !== null;

type KeyMap = Record<string, (event: KeyboardEvent) => void>;

/**
 * Keys of a screen: `j`, `Escape`, `shift+x`, `g z` (one after the other). Silent while somebody types, while a dialog is
 * open, and with ctrl, alt or meta held.
 */
export function useKeys(map: KeyMap): void {
  const press = useEffectEvent((event: KeyboardEvent, lead: string | null): string | null => {
    const name = event.shiftKey && /^[a-z]$/i.test(event.key) ? `shift+${event.key.toLowerCase()}` : event.key;
    const action = (lead && map[`${lead} ${name}`]) || map[name];
    if (action) {
      event.preventDefault();
      action(event);
      return null;
    }
    return Object.keys(map).some((key) => key.startsWith(`${name} `)) ? name : null;
  });
  useEffect(() => {
    let lead: string | null = null;
    let leadAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || floating()) return;
      if (event.timeStamp - leadAt > 1_200) lead = null;
      lead = press(event, lead);
      leadAt = event.timeStamp;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
