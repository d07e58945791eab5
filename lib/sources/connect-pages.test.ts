import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseAccord, parseContract } from "../contracts/input";
import { connectPages } from "./connect-pages";

const folder = new URL("../../docs/connect/frameworks/", import.meta.url);
const pages = connectPages();

test.each(Object.entries(pages))(
  "docs/connect/frameworks/%s is what its preset says; npx tsx lib/sources/connect-pages.ts writes it",
  async (name, text) => {
    expect(await readFile(new URL(name, folder), "utf8")).toBe(text);
  },
);

test("no page is left of a preset that is gone", async () => {
  expect((await readdir(folder)).sort()).toEqual(Object.keys(pages).sort());
});

const overHttp = await readFile(new URL("../retry-over-http.md", folder), "utf8");
const ownMap = await readFile(new URL("../mapped.md", folder), "utf8");

test.each([...Object.entries(pages), ["mapped.md", ownMap]] as const)(
  "the configuration of %s is one that Accord takes",
  (_, text) => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;
    const address = "postgres://reader:secret@db/orders";
    const names = ["ORDERS", "ORDERS_ACT", "BILLING", "BILLING_ACT"].map((name) => [`${name}_DATABASE_URL`, address] as const);
    const parsed = parseAccord(yaml, "accord.yaml", Object.fromEntries(names));
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    const [, contract] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
    const read = parseContract(contract!, "contracts/orders.yaml");
    expect(read.ok ? [] : read.problems).toEqual([]);
  },
);

test("the call of retry-over-http.md is one that Accord takes", () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(overHttp)![1]!;
  const names = { ORDERS_DATABASE_URL: "postgres://reader:zq81x@db/orders", ORDERS_RETRY_TOKEN: "zq82x" };
  const parsed = parseAccord(`version: 1\nenvironment: test\n${yaml}`, "accord.yaml", names);
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});
