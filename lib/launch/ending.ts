const POLL_MS = 300;

/**
 * Calls `end` once somebody asks us to: by a signal, or, under npm, by ending the shell in between. (npm passes a signal on to the
 * shell that runs the script, and that shell ends without passing it on to us.)
 */
export function onAskedToEnd(end: () => void, env: Record<string, string | undefined> = process.env): void {
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    clearInterval(look);
    end();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  // Without npm, a parent that ends is somebody who logs out and wants us to stay.
  const parent = process.ppid;
  const look = setInterval(() => {
    if (env.npm_lifecycle_event && process.ppid !== parent) ask();
  }, POLL_MS);
  look.unref();
}
