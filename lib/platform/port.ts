import getPort from "get-port";

const TRIED_N = 100;

/** `wanted` on the loopback interface if nobody listens there, else one of the next that are free. 0 means any. */
export const freePort = (wanted = 0): Promise<number> =>
  getPort({ host: "127.0.0.1", port: wanted === 0 ? 0 : Array.from({ length: TRIED_N }, (_, n) => wanted + n) });
