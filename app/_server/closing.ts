// On globalThis: instrumentation and routes are bundled apart, and each would have a set of its own.
const held = globalThis as { accordOpen?: Set<() => void> };
held.accordOpen ??= new Set();
const open = held.accordOpen;

/** Has something closed when the process is told to end; without it an open stream keeps the server up. Gives the way to take it back. */
export function onClosing(close: () => void): () => void {
  open.add(close);
  return () => open.delete(close);
}

/** Closes everything that is open. */
export function closeAll(): void {
  for (const close of open) close();
  open.clear();
}
