import { expect, test } from "vitest";
import { notInForce } from "./not-in-force.rules";
import type { Contract } from "./rules";

const contract = (recovery: object, accountability: object) =>
  ({
    expectation: { slo: { target: 0.999 } },
    recovery: { reconciliation: [], ...recovery },
    accountability: { onCall: null, alerts: [], ...accountability },
  }) as unknown as Contract;

test("X1: whatever a contract says and Accord does not do yet is named, with where it stands and what happens instead", () => {
  const alert = { when: {}, notify: ["pager"] };
  const says = contract(
    {
      reconciliation: [
        { rule: "a", repair: "case" },
        { rule: "b", repair: "auto" },
      ],
    },
    { onCall: { team: "checkout" }, alerts: [alert, alert] },
  );
  expect(notInForce(says, []).map(({ what, path, words }) => [what, path.join("."), words])).toEqual([
    ["repair", "recovery.reconciliation.1.repair", "of b a person decides."],
    ["escalation", "accountability.on_call.escalation", "nobody is called, and accord.yaml has no channel."],
    ["alerts", "accountability.alerts", "they are raised and shown, nobody is told, and accord.yaml has no channel."],
  ]);
  expect(notInForce(says, ["chat"]).map(({ what }) => what)).toEqual(["repair"]);
  expect(notInForce(contract({}, {}), [])).toEqual([]);
});
