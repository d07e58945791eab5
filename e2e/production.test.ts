import { test } from "vitest";
import { freshProduction } from "./production";

// On Debian's PostgreSQL 15 where it is installed, else on the server that comes with the product.
test("C1 C5 C6 the commands of docs/operating.md, typed word by word, lead from nothing to a signed-in administrator, a live source and a retried message", async () => {
  await freshProduction(async () => ({ through: (url) => url, stop: async () => {} }));
});
