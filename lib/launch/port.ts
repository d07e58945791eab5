import { createServer } from "node:net";

/** `wanted` on the loopback interface if nobody listens there, else the next free one. 0 means any. */
export async function freePort(wanted = 0): Promise<number> {
  for (let port = wanted; port < 65_536; port++) {
    const free = await listenable(port);
    if (free !== null) return free;
  }
  throw new Error(`No port from ${wanted} upwards is free.`);
}

function listenable(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(null) : reject(error),
    );
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : null));
    });
  });
}
