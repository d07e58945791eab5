import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.rules";
import { topOwnFrame } from "./stack.rules";

const print = (errorStack: string) =>
  fingerprintOf({
    sourceId: "stock",
    consumer: "stock-service",
    eventType: "OrderSubmitted",
    errorType: "Wrapper",
    errorMessage: "could not reserve",
    errorStack,
  });

const jvm = (cause: string, at: string, key = "ORD-1") => `com.acme.OrderFailed: could not reserve ${key}
	at com.acme.stock.Reserve.handle(Reserve.java:30)
	Suppressed: java.lang.IllegalStateException: rollback
		at com.acme.stock.Tx.end(Tx.java:9)
	Caused by: java.lang.RuntimeException: closed
		... 3 more
Caused by: ${cause}
	at ${at}
	... 12 more`;
const dotnet = (cause: string) => `System.AggregateException: One or more errors occurred. (x)
 ---> ${cause}
   --- End of inner exception stack trace ---
   at Acme.Stock.Reserve.Handle(Order order) in /src/Reserve.cs:line 42
 ---> (Inner Exception #0) ${cause}<---
`;
const node = (cause: string) => `Error: could not reserve
    at reserve (/app/src/reserve.ts:42:7) {
  [cause]: ${cause}
      at connect (/app/src/db.ts:7:3) {
    code: 'X'
  }
}`;
const python = (cause: string) => `Traceback (most recent call last):
  File "/app/db.py", line 12, in connect
    raise x
${cause}

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/reserve.py", line 42, in handle
    connect()
Wrapper: could not reserve`;
const group = (cause: string) => `  + Exception Group Traceback (most recent call last):
  |   File "/app/reserve.py", line 42, in handle
  |     raise ExceptionGroup("all", errors)
  | ExceptionGroup: all (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/db.py", line 12, in connect
    |     raise x
    | ${cause}
    +---------------- 2 ----------------
    | KeyError: 'x'
    +------------------------------------`;
const monolog = (cause: string) => `[object] (App\\OrderFailed(code: 0): could not reserve at /app/src/Reserve.php:42)
[stacktrace]
#0 /app/src/Worker.php(12): App\\Reserve->handle()
[previous exception] [object] (${cause} at /app/src/Db.php:7)
[stacktrace]
#0 /app/src/Reserve.php(42): App\\Db->connect()`;
const rust = (cause: string) => `Error: could not reserve\n\nCaused by:\n    0: query failed\n    1: ${cause}\n`;

test.each<[language: string, write: (cause: string) => string, one: string, other: string, words: string]>([
  [
    "the JVM",
    (cause) => jvm(cause, "com.acme.Client.get(Client.java:7)"),
    "java.net.SocketTimeoutException: Read timed out after 250 ms",
    "java.lang.NullPointerException: x is null",
    "java.net.SocketTimeoutException: Read timed out after <n> ms",
  ],
  [".NET", dotnet, "System.TimeoutException: late", "System.ArgumentNullException: late", "System.TimeoutException: late"],
  ["Node", node, "Error: connect ECONNREFUSED 10.0.0.7:5432", "TypeError: x is undefined", "Error: connect ECONNREFUSED <n>:<n>"],
  [
    "Python",
    python,
    "ConnectionRefusedError: [Errno 111] refused",
    "KeyError: 'sku'",
    "ConnectionRefusedError: [Errno 111] refused",
  ],
  ["a group of Python", group, "ConnectionRefusedError: refused", "KeyError: 'sku'", "ConnectionRefusedError: refused"],
  ["Monolog", monolog, "PDOException(code: 7): gone", "TypeError(code: 0): gone", "PDOException: gone"],
  ["Rust", rust, "connection to 10.0.0.7 refused", "invalid digit", "connection to <n> refused"],
])("another innermost cause is another group, and is named: %s", (_language, write, one, other, words) => {
  expect(print(write(one)).fingerprint).not.toBe(print(write(other)).fingerprint);
  expect(print(write(one)).cause).toBe(words);
});

test("the first own frame of the cause belongs to the group, and is where one looks first", () => {
  const cause = "java.net.SocketTimeoutException: Read timed out";
  const at = (place: string) => print(jvm(cause, place));
  expect(at("com.acme.Client.get(Client.java:7)").fingerprint).not.toBe(at("com.acme.Other.get(Other.java:7)").fingerprint);
  expect(at("com.acme.Client.get(Client.java:7)").frame).toBe("com.acme.Client.get");
  expect(at("java.base/java.net.Socket.read(Socket.java:7)").frame).toBe("com.acme.stock.Reserve.handle");
});

test("what was suppressed on the way is no cause", () => {
  expect(print(jvm("java.lang.Error: x", "com.acme.A.b(A.java:1)")).cause).toBe("java.lang.Error: x");
});

test("what the contract masks is masked in the cause's words as well", () => {
  const failure = { sourceId: "s", consumer: "c", eventType: "e", errorType: "W", errorMessage: "w" };
  const errorStack = node("Error: no card of Ada Lovelace");
  expect(fingerprintOf({ ...failure, errorStack }, (text) => text.replace("Ada Lovelace", "***")).cause).toBe(
    "Error: no card of ***",
  );
});

test.each([
  [
    ".NET's closures",
    "at Acme.Stock.Reserve.<>c__DisplayClass5_0.<Handle>b__0(Order o)",
    "at Acme.Stock.Reserve.<>c__DisplayClass7_0.<Handle>b__2(Order o)",
  ],
  [
    ".NET's local functions",
    "at Acme.Stock.Reserve.<Handle>g__Of|5_0(Order o)",
    "at Acme.Stock.Reserve.<Handle>g__Of|7_1(Order o)",
  ],
  [
    "Scala's functions",
    "at acme.Reserve.$anonfun$handle$12(Reserve.scala:4)",
    "at acme.Reserve.$anonfun$handle$13(Reserve.scala:9)",
  ],
  ["Java's lambdas", "at acme.Reserve.lambda$handle$7(Reserve.java:4)", "at acme.Reserve.lambda$handle$8(Reserve.java:9)"],
  ["Rust", "0: stock::reserve::handle\n   at ./src/reserve.rs:42:5", "3: stock::reserve::handle\n   at ./src/reserve.rs:57:9"],
  ["PHP's closures", "#0 /app/a.php(42): App\\{closure:/app/a.php:42}()", "#2 /app/a.php(57): App\\{closure:/app/a.php:57}()"],
  ["Ruby", "app/handlers/reserve.rb:42:in 'Reserve#handle'", "app/handlers/reserve.rb:57:in 'Reserve#handle'"],
  [
    "Elixir",
    "(stock 0.1.0) lib/stock/reserve.ex:42: Stock.Reserve.handle/1",
    "(stock 0.1.1) lib/stock/reserve.ex:57: Stock.Reserve.handle/1",
  ],
])("what compilers number and where a line stands are no part of a frame: %s", (_what, one, other) => {
  expect(topOwnFrame(one)).not.toBeNull();
  expect(topOwnFrame(one)).toBe(topOwnFrame(other));
});

test.each([
  [
    "Ruby",
    "/usr/lib/ruby/gems/3.1.0/gems/pg/lib/pg.rb:7:in `exec'\napp/handlers/reserve.rb:42:in 'Reserve#handle'",
    "Reserve#handle reserve.rb",
  ],
  [
    "PHP",
    "#0 /app/vendor/x/Db.php(7): X\\Db->query()\n#1 /app/src/Reserve.php(42): App\\Reserve->handle()\n#2 {main}",
    "App\\Reserve->handle Reserve.php",
  ],
  [
    "Elixir",
    "(ecto 3.9.0) lib/ecto/repo.ex:7: Ecto.Repo.get/2\n(stock 0.1.0) lib/stock/reserve.ex:42: Stock.Reserve.handle/1",
    "Stock.Reserve.handle/1 reserve.ex",
  ],
  [
    "Rust",
    "0: core::option::expect_failed\n  at /rustc/59807616e/library/core/src/option.rs:1:1\n1: stock::reserve::handle\n  at ./src/reserve.rs:42:5",
    "stock::reserve::handle",
  ],
])("libraries are passed over: %s", (_language, stack, frame) => {
  expect(topOwnFrame(stack)).toBe(frame);
});
