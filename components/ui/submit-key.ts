import type { KeyboardEvent } from "react";

/** ⌘⏎ or Ctrl-Enter sends the form that the key was pressed in. */
export function submitByKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  event.currentTarget.closest("form")?.requestSubmit();
}
