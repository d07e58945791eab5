import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiRoutes } from "@/app/_server/openapi/routes";
import { Browser, openServer } from "@/app/_server/testing";
import type { TestStore } from "@/lib/db/testing";
import { makeOperator } from "@/lib/operators/testing";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken } from "@/lib/tokens/service";
import { seedZones } from "./zones.testing";

let store: TestStore;
let secret: string;
beforeAll(async () => {
  store = await openServer();
  const { ctx, id } = await makeOperator(store.db, Date.now(), { role: "administrator" });
  await seedZones(store.db, id, Date.now());
  const input = parseTokenRequest({ kind: "service", name: "ci", role: "operator", expiresInDays: 1, key: "k" });
  secret = (await createToken(ctx, input)).secret!;
});
afterAll(() => store.close());

const text = readFileSync(new URL("../../../../docs/api.md", import.meta.url), "utf8");
const commands = [...text.matchAll(/^curl -s (?:.*\\\n)*.*$/gm)].map(([command]) => command.replace(/\\\n\s*/g, ""));

test("the document has examples of looking and of acting", () => {
  expect(commands.length).toBeGreaterThanOrEqual(5);
});

test.each(commands)("%s is answered", async (command) => {
  const address = /"\$ACCORD([^"]+)"/.exec(command)![1]!;
  const body = / -d '([^']+)'/.exec(command)?.[1];
  const headers = Object.fromEntries([...command.matchAll(/ -H "([\w-]+): ([^"]+)"/g)].map(([, name, value]) => [name!, value!]));
  headers.Authorization = headers.Authorization!.replace("$TOKEN", secret);
  const request = new Browser().request(address, { headers, ...(body ? { method: "POST", body } : {}) });
  const { handler } = apiRoutes.find(
    (route) => `/api/v1/${route.path}` === request.nextUrl.pathname && route.method === request.method,
  )!;
  const response = await handler(request, { params: Promise.resolve({}) });
  expect([response.status, await response.json()]).toEqual([200, { value: expect.anything() }]);
});
