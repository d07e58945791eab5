import { expect, test } from "vitest";
import { failureWords } from "./failure-words";

const said = (code: string, message = "") => failureWords(Object.assign(new Error(message), { code }));

test.each([
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.7", user "accord_observer", database "orders", no encryption',
    /without TLS: say tls: verify-full/,
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.7", user "accord_observer", database "orders", SSL encryption',
    /no line in pg_hba.conf/,
  ],
  ["28000", 'role "accord_observer" is not permitted to log in', /may not log in/],
  ["28P01", 'password authentication failed for user "accord_actor"', /name or the password of this connection/],
  ["42501", "permission denied for function pg_control_system", /may not call pg_control_system.*grant execute/],
  ["42501", "permission denied for table redelivery", /lacks a right on redelivery: run npm run source:install/],
  ["42501", 'permission denied for database "orders"', /grant connect on database "orders"/],
  ["42501", "permission denied for schema messaging", /lacks a right on messaging/],
  ["42501", 'query would be affected by row-level security policy for table "dead_letter"', /bypassrls/],
  ["42P01", "", /source:install/],
])("C7: %s, %s is told with what to do", (code, message, words) => {
  expect(said(code, message)).toMatch(words);
});

test("an address never gets into the words", () => {
  expect(failureWords(new Error("cannot reach postgres://observer:secret@db/orders"))).not.toContain("secret");
});
