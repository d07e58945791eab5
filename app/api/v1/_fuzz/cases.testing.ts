import type { Plan } from "./put.testing";

/** Cases of a group, of a divergence and by hand, and what waits for a second person. */
export async function seedCases(plan: Plan, groupId: number, operations: number[]) {
  const { zoneId, mark, personId, keys, ago, put } = plan;
  const cases: number[] = [];
  const causes = [
    {
      cause_kind: "group",
      cause_ref: String(groupId),
      facts: { kind: "group", sourceId: "orders", consumer: "payment-service", eventType: `E${mark}`, errorType: mark },
    },
    {
      cause_kind: "divergence",
      cause_ref: `rule-${zoneId}`,
      cause_part: `${keys[0]}-0`,
      facts: { kind: "divergence", rule: `rule-${zoneId}`, key: `${keys[0]}-0`, differs: mark },
    },
    { cause_kind: "manual", cause_ref: mark, facts: { kind: "manual" } },
  ];
  for (const cause of causes) {
    const made = await put<{ case_id: number }>("case_file", {
      ...{
        zone_id: zoneId,
        ...cause,
        business_key: keys[1],
        title: `Case ${mark}`,
        opened_at: ago(600_000),
        opened_by_name: mark,
        due_at: ago(-3_600_000),
      },
      ...{ runbook: { when: "parked", title: `Runbook ${mark}`, steps: [`Step ${mark}`, "Second"] }, ticked_n: 1, events_n: 1 },
      ...{ assignee: personId, assignee_name: `Name ${mark}` },
    });
    cases.push(made.case_id);
    await put("case_event", {
      case_id: made.case_id,
      n: 1,
      at: ago(600_000),
      kind: "comment",
      by_id: personId,
      by_name: mark,
      text: [{ text: `said ${mark}` }],
    });
    await put("case_tick", { case_id: made.case_id, step: 1, at: ago(1_000), by_name: mark });
  }
  const approvals = await seedApprovals(plan, operations[0]!, cases[1]!);
  const act = {
    at: ago(30_000),
    actor_name: mark,
    zones: [zoneId],
    result: "done",
    reason: `The reason is ${mark}`,
    detail: { mark },
  };
  await put("audit_entry", {
    ...act,
    actor_kind: "service",
    action: "case.comment",
    target_kind: "case",
    target_id: String(cases[0]),
  });
  return { cases, approvals };
}

async function seedApprovals(
  { zoneId, mark, personId, by, ago, put }: Plan,
  operationId: number,
  caseId: number,
): Promise<number[]> {
  const approvals: number[] = [];
  for (const [subject_kind, subject_id, action] of [
    ["operation", operationId, "dead_letter.discard"],
    ["case", caseId, "case.accept"],
  ] as const) {
    const made = await put<{ approval_id: number }>("approval", {
      ...{
        subject_kind,
        subject_id,
        action,
        zones: [zoneId],
        needed_n: 2,
        ...by,
        expires_at: ago(-3_600_000),
        summary: `Sum of ${mark}`,
        detail: { mark },
        state: "waiting",
      },
    });
    approvals.push(made.approval_id);
    await put("approval_vote", {
      approval_id: made.approval_id,
      operator_id: personId,
      operator_name: mark,
      vote: "approve",
      at: ago(1_000),
      reason: mark,
    });
  }
  return approvals;
}
