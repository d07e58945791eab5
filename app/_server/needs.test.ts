import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { QueryClient, queryOptions } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { z } from "zod";
import { parserOf } from "@/lib/parsing";
import { Refusal } from "@/lib/refusal";
import { list, one, type PageCtx } from "./needs";

// Nothing of it is asked for here.
const ctx = {} as PageCtx;
const parse = parserOf(z.object({ id: z.string().max(3) }));
const thing = (id: string) => queryOptions({ queryKey: ["thing", id], queryFn: async () => ({ id, next: "b" }) });
const read = async (_: PageCtx, { id }: { id: string }) => ({ id, next: "b" });

test("a need is answered under its query's key, and what depends on the answer after it", async () => {
  const client = new QueryClient();
  await one(thing("a"), parse, read, { id: "a" }, ({ next }) => [one(thing(next), parse, read, { id: next })])(ctx, client);
  expect([client.getQueryData(thing("a").queryKey), client.getQueryData(thing("b").queryKey)]).toEqual([
    { id: "a", next: "b" },
    { id: "b", next: "b" },
  ]);
});

test("what is refused, or cannot be understood, is left to the browser, and so is what depends on it", async () => {
  const client = new QueryClient();
  const refuse = async (): Promise<{ id: string; next: string }> => {
    throw new Refusal("not_found", "There is no such thing.");
  };
  const then = () => [one(thing("b"), parse, read, { id: "b" })];
  await one(thing("a"), parse, refuse, { id: "a" }, then)(ctx, client);
  await one(thing("long"), parse, read, { id: "long" }, then)(ctx, client);
  expect(client.getQueryCache().findAll({ predicate: (query) => query.state.data !== undefined })).toEqual([]);
});

test("of a list the first page is answered, as the screen keeps it", async () => {
  const client = new QueryClient();
  const query = { queryKey: ["things"] as unknown as Parameters<typeof list<unknown, string[]>>[0]["queryKey"] };
  await list(query, parse, async () => ["a"], { id: "a" })(ctx, client);
  expect(client.getQueryData(["things"])).toEqual({ pages: [["a"]], pageParams: [null] });
});

test("every page of the console names what its screen needs", () => {
  const folder = path.join(import.meta.dirname, "../(console)");
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("page.tsx"));
  const others = pages.filter((file) => {
    const text = readFileSync(path.join(folder, file), "utf8");
    return !/export default page(<[^>]+>)?\(/.test(text) || !/needs: \[\s*\S/.test(text);
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(others).toEqual([]);
});
