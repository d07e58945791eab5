import { expect, test } from "vitest";
import { roles } from "./context";
import { type Action, actions, can, canRead, zoneFilter } from "./permissions";

const everywhere = (role: (typeof roles)[number]) => ({ kind: "operator" as const, role, zones: null });
const onlyIn = (role: (typeof roles)[number], ...zones: string[]) => ({ kind: "operator" as const, role, zones });
const yes = (action: Action, zones: string[]) => roles.filter((role) => can(everywhere(role), action, zones).ok);

test.each<[Action, string[], readonly string[]]>([
  ["dead_letter.retry", ["orders"], ["operator", "approver", "administrator"]],
  ["dead_letter.retry", [], ["administrator"]],
  ["dead_letter.discard", ["orders"], ["operator", "approver", "administrator"]],
  ["dead_letter.discard", [], ["administrator"]],
  ["operation.pause", ["orders"], ["operator", "approver", "administrator"]],
  ["deploy.mark", ["orders"], ["operator", "approver", "administrator"]],
  ["saga.hold", ["orders"], ["operator", "approver", "administrator"]],
  ["saga.release", [], ["administrator"]],
  ["operator.invite", [], ["administrator"]],
  ["operator.change", [], ["administrator"]],
  ["session.revoke", [], ["administrator"]],
  ["session.close", [], ["viewer", "operator", "approver", "administrator"]],
  ["token.create", [], ["viewer", "operator", "approver", "administrator"]],
  ["token.create_service", [], ["administrator"]],
  ["token.revoke_other", [], ["administrator"]],
])("%s on zones [%s] is for %s", (action, zones, able) => {
  expect(yes(action, zones)).toEqual(able);
});

test("a viewer may only what concerns the viewer's own sessions, tokens and password, and take along what is read", () => {
  expect(actions.filter((action) => can(everywhere("viewer"), action, ["orders"]).ok)).toEqual([
    "dead_letter.export",
    "view.save",
    "message.export",
    "session.open",
    "session.close",
    "token.create",
    "token.revoke",
    "second_factor.set",
    "second_factor.remove",
    "audit.export",
    "operator.act_early",
    "operator.change_password",
  ]);
});

test("acting takes the permission in every zone of the target", () => {
  const operator = onlyIn("operator", "orders", "payments");
  expect(can(operator, "dead_letter.retry", ["orders"]).ok).toBe(true);
  expect(can(operator, "dead_letter.retry", ["payments", "orders"]).ok).toBe(true);
  expect(can(operator, "dead_letter.retry", ["orders", "ledger"]).ok).toBe(false);
});

test("an administrator of some zones neither invites people nor touches what no contract names", () => {
  const administrator = onlyIn("administrator", "orders");
  expect(can(administrator, "operation.cancel", ["orders"]).ok).toBe(true);
  expect(can(administrator, "dead_letter.retry", []).ok).toBe(false);
  expect(can(administrator, "operator.invite", []).ok).toBe(false);
  expect(can(administrator, "operator.change", ["orders"]).ok).toBe(false);
});

test("the worker acts, but never in place of a person", () => {
  const worker = { kind: "worker" as const };
  expect(can(worker, "dead_letter.retry", []).ok).toBe(true);
  for (const action of ["operator.invite", "operator.change", "session.open"] as const)
    expect(can(worker, action, ["orders"]).ok).toBe(false);
});

test("a refusal says who can", () => {
  expect(can(everywhere("viewer"), "dead_letter.retry", ["orders"])).toEqual({
    ok: false,
    reason: "You are a viewer; to retry messages takes an operator, an approver or an administrator.",
  });
  expect(can(everywhere("operator"), "operator.invite", [])).toEqual({
    ok: false,
    reason: "You are an operator; to invite operators takes an administrator.",
  });
  expect(can(onlyIn("operator", "orders"), "dead_letter.retry", ["orders", "ledger"])).toEqual({
    ok: false,
    reason: "You may not retry messages in zones that are not yours; that takes an operator of every zone that is touched.",
  });
  expect(can(everywhere("operator"), "dead_letter.retry", [])).toEqual({
    ok: false,
    reason: "No contract names this, so only an administrator may retry messages here.",
  });
});

test("who is limited to zones reads those, and never what no contract names", () => {
  expect(canRead(everywhere("viewer"), null)).toBe(true);
  expect(canRead(onlyIn("viewer", "orders"), "orders")).toBe(true);
  expect(canRead(onlyIn("viewer", "orders"), "ledger")).toBe(false);
  expect(canRead(onlyIn("administrator", "orders"), null)).toBe(false);
  expect(zoneFilter(everywhere("viewer"))).toBeNull();
  expect(zoneFilter(onlyIn("viewer"))).toEqual([]);
});

test("what must be a person's is closed to tokens, whatever their role", () => {
  const closed = (standing: Parameters<typeof can>[0]) => actions.filter((action) => !can(standing, action, ["orders"]).ok);
  const personal = closed({ ...everywhere("administrator"), token: { id: "t", name: "script" } });
  expect(personal).toEqual(closed({ kind: "service", role: "administrator", zones: null }));
  expect(personal).toEqual(expect.arrayContaining(["approval.approve", "approval.refuse", "operator.change", "session.open"]));
  expect(
    personal.filter((action) => !/^(approval|operator|second_factor|session|source|token)\.|^dead_letter\.reveal$/.test(action)),
  ).toEqual([]);
  expect(
    actions.filter((action) => /^(operator|second_factor|session|token)\./.test(action) && !personal.includes(action)),
  ).toEqual([]);
});
