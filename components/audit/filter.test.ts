import { expect, test } from "vitest";
import { parseFilter } from "@/components/ui/query-filter";
import { auditKeys, auditNarrowing, FREE_TEXT } from "./filter";

test("a typed filter is what the API is asked for", () => {
  expect(auditNarrowing('who:"M. Keller" action:dead_letter.retry zone:sales result:denied last:<7d')).toEqual({
    who: "M. Keller",
    action: "dead_letter.retry",
    zone: "sales",
    result: "denied",
    last: "<7d",
  });
  expect(auditNarrowing("target:op-1001")).toEqual({ targetKind: "operation", targetId: "1001" });
  expect(auditNarrowing("target:OP-1 target:case")).toEqual({ targetKind: "case" });
  expect(auditNarrowing("target:deploy/stock 1.0")).toEqual({ targetKind: "deploy", targetId: "stock" });
  expect(auditNarrowing('target:"saga/shop/1"')).toEqual({ targetKind: "saga", targetId: "shop/1" });
});

test("days and times are UTC, whoever looks from where", () => {
  expect(auditNarrowing("from:2026-06-18 to:2026-06-18T03:12")).toEqual({
    since: String(Date.UTC(2026, 5, 18)),
    until: String(Date.UTC(2026, 5, 18, 3, 12)),
  });
});

test("what does nothing says why, and is not asked for", () => {
  const text = "keller from:yesterday last:long result:perhaps -who:Vera";
  expect(parseFilter(text, auditKeys(), FREE_TEXT).every((token) => token.wrong !== null)).toBe(true);
  expect(auditNarrowing(text)).toEqual({});
});
