import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import { Refusal } from "@/lib/refusal";

// On globalThis: instrumentation and routes are bundled apart, and each would have a set of its own.
const held = globalThis as { accordOpen?: Set<() => void>; accordClosing?: boolean };
held.accordOpen ??= new Set();
const open = held.accordOpen;

/** Has something closed when the process is told to end; without it an open stream keeps the server up. Gives the way to take it back. */
export function onClosing(close: () => void): () => void {
  // A request that was under way when the end came.
  if (held.accordClosing) close();
  open.add(close);
  return () => open.delete(close);
}

/** Whether the process was told to end. */
export const isClosing = (): boolean => held.accordClosing === true;

/** What a process that ends says to who wants something to stay open. */
export const stopping = () => new Refusal("unavailable", "This Accord process is stopping. Try again in a moment.");

/** Closes everything that is open, and what is opened from here on. */
export function closeAll(): void {
  held.accordClosing = true;
  for (const close of open) close();
  open.clear();
}

/**
 * From the end on, whatever still comes on an open connection is answered, and the connection ends with that answer: a screen that keeps
 * asking on one would keep the process up for as long as it is open.
 */
export function endConnectionsOnClosing(): void {
  subscribe("http.server.request.start", (message) => {
    const { response } = message as { response: ServerResponse };
    if (isClosing()) response.setHeader("connection", "close");
  });
}
