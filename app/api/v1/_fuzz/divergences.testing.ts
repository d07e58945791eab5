import type { Plan } from "./put.testing";

/** Divergences in every state, and how their rule goes. */
export async function seedDivergences(plan: Plan) {
  const { zoneId, mark, keys, now, ago, put } = plan;
  const divergences: number[] = [];
  for (const [i, state] of ["open", "accepted", "resolved", "candidate"].entries()) {
    const field = {
      column: `c_${mark}`,
      projectionColumn: `c_${mark}`,
      authority: mark,
      projection: `other ${mark}`,
      differs: true,
      why: mark,
    };
    const seen = {
      since: ago(900_000),
      first_seen_at: ago(900_000),
      last_seen_at: ago(2_000),
      due_at: ago(-30_000),
      confirmed_at: ago(800_000),
    };
    const made = await put<{ divergence_id: number }>("divergence", {
      ...{
        zone_id: zoneId,
        rule: `rule-${zoneId}`,
        business_key: keys[i % 3],
        key: `${keys[i % 3]}-${i}`,
        kind: i === 1 ? "mismatch" : "missing",
        state,
        ...seen,
      },
      ...{
        fields: [field],
        history: [{ at: now - 5_000, text: `seen ${mark}` }],
        seen_n: 3,
        version: mark,
        explained_by: null,
        detail: i === 1 ? "older" : null,
      },
      ...(state === "accepted" ? { accepted_until: ago(-900_000) } : {}),
      ...(state === "resolved" ? { resolved_at: ago(1_000), resolution: "converged" } : {}),
    });
    divergences.push(made.divergence_id);
  }
  await put("reconciliation_rule", {
    ...{
      zone_id: zoneId,
      rule: `rule-${zoneId}`,
      next_run_at: ago(-60_000),
      ran_at: ago(60_000),
      run_ms: 5,
      authority_n: 10,
      projection_n: 9,
      matched_n: 8,
    },
    ...{
      candidates_n: 1,
      coverage: 1,
      source_ms: 2,
      bytes_n: 99,
      error: `cannot ${mark}`,
      error_since: ago(9_000),
      notes: [{ side: "authority", text: mark }],
    },
  });

  return divergences;
}
