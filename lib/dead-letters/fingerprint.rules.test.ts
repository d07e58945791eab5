import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.rules";
import { framesOf, topOwnFrame } from "./stack.rules";
import { templateOf } from "./template.rules";

const v8 = (line: number, root = "/app") => `TypeError: Cannot read properties of undefined (reading 'sku')
    at Array.map (<anonymous>)
    at withRetry (${root}/node_modules/p-retry/index.js:8:3)
    at reserveStock (${root}/src/handlers/reserve.ts:${line}:17)
    at async Promise.all (index 0)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`;
const failure = (over: Partial<Parameters<typeof fingerprintOf>[0]> = {}) => ({
  sourceId: "stock",
  consumer: "stock-service",
  eventType: "OrderSubmitted",
  errorType: "TypeError",
  errorMessage: "unknown warehouse",
  errorStack: v8(42),
  ...over,
});
const print = (over: Parameters<typeof failure>[0] = {}) => fingerprintOf(failure(over)).fingerprint;

const id = fc.uuid();
const time = fc
  .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(date.toISOString(), date.toUTCString(), date.toString(), date.toISOString().replace("T", " ").slice(0, 19)),
  );
const number = fc.oneof(
  fc.nat().map(String),
  fc.float({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
);
const literal: Record<string, fc.Arbitrary<string>> = {
  uuid: id,
  time,
  number,
  key: fc.nat().map((n) => `ORD-${n}`),
  "id with an underscore": fc.nat().map((n) => `order_${n}`),
  url: fc.webUrl({ withQueryParameters: true }).filter((url) => !/[<>"']/.test(url)),
  "e-mail": fc.emailAddress().filter((mail) => /^[\w.+-]+@/.test(mail)),
  path: fc
    .array(fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/), { minLength: 2, maxLength: 6 })
    .map((parts) => `/${parts.join("/")}`),
  "path on Windows": fc
    .array(fc.stringMatching(/^[A-Za-z][a-z0-9]{0,12}$/), { minLength: 1, maxLength: 6 })
    .map((parts) => `C:\\${parts.join("\\")}`),
  hex: fc.stringMatching(/^[0-9a-f]{12,64}$/).filter((hex) => /\d/.test(hex)),
  "address of a host": fc.tuple(fc.ipV4(), fc.nat(65_535)).map(([ip, port]) => `${ip}:${port}`),
};

test.each(Object.entries(literal))("the same failure with another %s is the same group", (_what, arbitrary) => {
  const said = (value: string) => `Failed for ${value} (was ${value}), giving up: "${value}"`;
  fc.assert(
    fc.property(arbitrary, arbitrary, (a, b) => {
      expect(templateOf(said(a))).toBe(templateOf(said(b)));
    }),
    { numRuns: 200 },
  );
});

test("a template keeps the words and drops the literals", () => {
  expect(
    templateOf("Order ORD-88213 of 0190b7a2-1111-7222-8333-444455556666 failed at 2026-06-18T03:04:05.123Z after 3 tries"),
  ).toBe("Order <key> of <uuid> failed at <time> after <n> tries");
  expect(templateOf("connect ECONNREFUSED 10.0.0.7:5432")).toBe("connect ECONNREFUSED <n>:<n>");
  expect(templateOf("bad checksum: 0xdeadbeef01, sha256 wanted, utf8 got")).toBe("bad checksum: <n>, sha256 wanted, utf8 got");
});

test("what tells failures apart stays: names in quotes, columns, words", () => {
  expect(templateOf('column "amount" does not exist')).not.toBe(templateOf('column "currency" does not exist'));
  expect(templateOf("reading 'sku'")).not.toBe(templateOf("reading 'price'"));
});

test("line numbers, columns and build folders do not part a group", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999 }),
      fc.constantFrom("/app", "/srv/releases/20260618", "/home/ci/build-7"),
      (line, root) => {
        expect(print({ errorStack: v8(line, root) })).toBe(print());
      },
    ),
  );
});

test.each([
  ["source", { sourceId: "other" }],
  ["consumer", { consumer: "mail-service" }],
  ["event", { eventType: "OrderCancelled" }],
  ["error type", { errorType: "RangeError" }],
  ["message", { errorMessage: "unknown carrier" }],
  ["own frame", { errorStack: v8(42).replace("reserveStock", "releaseStock") }],
  ["stack at all", { errorStack: "" }],
])("another %s is another group", (_what, over) => {
  expect(print(over)).not.toBe(print());
});

test("a framework's frames do not part a group", () => {
  expect(print({ errorStack: v8(42).replace("p-retry/index.js:8:3", "p-retry/dist/v7.js:99:1") })).toBe(print());
});

const jvm = `java.lang.IllegalStateException: no stock
	at java.base/java.util.Optional.orElseThrow(Optional.java:403)
	at org.springframework.transaction.interceptor.TransactionAspectSupport.invoke(TransactionAspectSupport.java:388)
	at com.acme.stock.Reserve.lambda$handle$7(Reserve.java:42)
	at com.acme.stock.Reserve.handle(Reserve.java:30)
Caused by: org.postgresql.util.PSQLException: gone`;
const dotnet = `System.InvalidOperationException: no stock
   at System.Linq.ThrowHelper.ThrowNoElementsException()
   at Acme.Stock.Reserve.<Handle>d__5.MoveNext() in /src/Reserve.cs:line 42
--- End of stack trace from previous location ---
   at Acme.Stock.Worker.Run(Order order) in /src/Worker.cs:line 7`;
const python = `Traceback (most recent call last):
  File "/app/worker.py", line 12, in run
    handle(event)
  File "/app/handlers/reserve.py", line 42, in handle
    stock[sku]
  File "/usr/lib/python3.12/site-packages/redis/client.py", line 9, in get
    raise KeyError(sku)
KeyError: 'A-1'`;
const go = `panic: no stock

goroutine 18 [running]:
runtime.panicmem(0x1)
	/usr/local/go/src/runtime/panic.go:262 +0x18
github.com/acme/stock.(*Handler).Reserve(0xc0000b4000, {0x1, 0x2})
	/src/handler.go:42 +0x1a4
main.main()
	/src/main.go:7 +0x20`;
const anonymous = `Error: x
    at Object.<anonymous> (/app/src/reserve.ts:42:7)`;
const nameless = `Error: x
    at async file:///app/src/reserve.ts:42:7`;

test.each([
  ["V8", v8(42), "reserveStock"],
  ["V8 without a name", nameless, "reserve.ts"],
  ["V8, anonymous", anonymous, "Object.<anonymous> reserve.ts"],
  ["the JVM", jvm, "com.acme.stock.Reserve.lambda$handle$"],
  [".NET", dotnet, "Acme.Stock.Reserve.Handle"],
  ["Python, innermost last", python, "handle reserve.py"],
  ["Go", go, "github.com/acme/stock.(*Handler).Reserve"],
  ["nothing that is a stack", "it broke\nsomewhere", null],
  ["only libraries", "at java.util.Optional.get(Optional.java:1)", null],
])("the top own frame of %s", (_what, stack, frame) => {
  expect(topOwnFrame(stack)).toBe(frame);
});

test.each([
  ["V8", v8(42)],
  ["JVM", jvm],
  [".NET", dotnet],
  ["Python", python],
  ["Go", go],
])("other line numbers in a stack of %s are the same group", (_what, stack) => {
  const moved = stack
    .replaceAll("42", "977")
    .replaceAll("0x1a4", "0x2b5")
    .replaceAll("0xc0000b4000", "0xc0000ff000")
    .replaceAll("$7", "$8");
  expect(moved).not.toBe(stack);
  expect(topOwnFrame(moved)).toBe(topOwnFrame(stack));
});

test("frames are shown as they were written, without the message", () => {
  expect(framesOf(v8(42))[0]).toBe("at Array.map (<anonymous>)");
  expect(framesOf(python)).toHaveLength(3);
  expect(framesOf(go)).toHaveLength(3);
});

test.each([
  ["digits", "1"],
  ["digits and commas", "1,"],
  ["hex and dashes", "deadbeef-"],
  ["slashes", "/a"],
  ["at signs", "a@a.a"],
  ["colons", "a:"],
  ["dots", "a."],
  ["blanks", " "],
  ["brackets", "at (("],
  ["frames", "at a.b.c(d.java:1)\n"],
  ["frames of Go", "a.b(0x1)\n\t/x.go:1\n"],
  ["months", "Mon, Jan 1 2026 "],
  ["quotes", "\"'"],
  ["half surrogates", "\ud83e"],
  ["capitals and dashes", "AAAAAA-"],
  ["base64", "aB3+/="],
])("of ten megabytes of %s only the beginning is read", (_what, piece) => {
  const huge = piece.repeat(Math.ceil(10_000_000 / piece.length));
  const { fingerprint, template, frame } = fingerprintOf(failure({ errorMessage: huge, errorStack: huge }));
  const some = huge.slice(0, 200_000);
  expect(fingerprintOf(failure({ errorMessage: some, errorStack: some })).fingerprint).toBe(fingerprint);
  expect(template.length).toBeLessThanOrEqual(1_000);
  expect(frame === null || frame.length <= 200).toBe(true);
  expect(template).not.toMatch(/\p{Surrogate}/u);
});

test("a cut through a literal does not part a group", () => {
  const long = (key: string) => `${"row is wrong, ".repeat(142)} ${key} is not known`;
  for (let pad = 0; pad < 40; pad++) {
    const message = (uuid: string) => `${"x".repeat(pad)} ${long(uuid)}`;
    expect(templateOf(message("0190b7a2-1111-7222-8333-444455556666"))).toBe(
      templateOf(message("ffffffff-2222-4333-8444-555566667777")),
    );
  }
});

test("any text at all has a group", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 3_000 }),
      fc.string({ unit: "binary", maxLength: 3_000 }),
      (errorMessage, errorStack) => {
        expect(fingerprintOf(failure({ errorMessage, errorStack })).fingerprint).toMatch(/^[0-9a-f]{32}$/);
      },
    ),
    { numRuns: 200 },
  );
});
