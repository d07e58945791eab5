import { expect, test } from "vitest";
import type { Hit } from "@/lib/timeline/views";
import { grouped, type Item, paletteItems } from "./items";

const own: Item[] = [
  { id: "action:retry", group: "On this screen", label: "Preview a retry", do: { run: () => {} } },
  { id: "/zones", group: "Go to", label: "Zones", do: { href: "/zones" } },
  { id: "zone:orders", group: "Zones", label: "Order Commitment", do: { href: "/zones/orders" } },
];
const hit = (over: Partial<Hit>): Hit => ({
  kind: "key",
  id: "k",
  title: "k",
  note: "",
  since: null,
  href: "/keys/k",
  exact: false,
  ...over,
});
const ids = (text: string, hits: Hit[] = []) => paletteItems(text, own, hits, (key) => `/keys/${key}`).map((item) => item.id);

test("without a text everything that can be done and gone to is offered", () => {
  expect(ids("")).toEqual(["action:retry", "/zones", "zone:orders"]);
});

test("what is named whole comes first, so that Enter after a pasted id leads there; the text as a key comes last", () => {
  const hits = [hit({ kind: "operation", id: "7", exact: true }), hit({ id: "Zones-1", title: "Zones-1" })];
  expect(ids("zones", hits)).toEqual(["operation:7", "/zones", "zone:orders", "key:Zones-1", "as-key"]);
});

test("a thing that is known is listed once", () => {
  expect(ids("order", [hit({ kind: "zone", id: "orders", title: "Order Commitment" })])).toEqual(["zone:orders", "as-key"]);
  expect(ids("ORD-1", [hit({ id: "ORD-1", title: "ORD-1", exact: true })])).toEqual(["key:ORD-1"]);
});

test("every word counts, in any order", () => {
  expect(ids("retry prev")).toEqual(["action:retry", "as-key"]);
  expect(ids("screen retry")).toEqual(["action:retry", "as-key"]);
});

test("lines stand in their groups, in the order in which each group comes first", () => {
  const items = paletteItems("order", own, [hit({ kind: "zone", id: "z2", title: "Orders", exact: true })], (key) => key);
  expect(grouped(items).map(({ group, items }) => [group, items.length])).toEqual([
    ["Zones", 2],
    ["Keys", 1],
  ]);
});
