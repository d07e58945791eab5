import { describe, test } from "vitest";
import { hasPooler, startPooler } from "../lib/db/pooler.testing";
import { freshProduction, passwords } from "./production";

// Skipped where PgBouncer is not installed: nothing else behaves like it.
describe.skipIf(!hasPooler)("C9: behind PgBouncer", () => {
  test("the commands of docs/operating.md do the same with a pooler before the store and the source", async () => {
    await freshProduction((server) =>
      startPooler(server, {
        ...{ accord_owner: passwords.owner, accord_app: passwords.app, orders_owner: passwords.orders },
        ...{ orders_observer: passwords.observer, orders_actor: passwords.actor },
      }),
    );
  });
});
