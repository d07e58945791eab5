import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { loadConfiguration } from "@/lib/contracts/files";
import { applyConfiguration } from "@/lib/contracts/service";
import { accordText, environment, testFiles } from "@/lib/contracts/testing";
import type { Db } from "@/lib/db/pool";
import { applyContracts } from "@/lib/observation/contracts";
import { judgeZones } from "@/lib/zones/judge";
import { seedAlerts } from "./alerts.testing";
import { seedCases } from "./cases.testing";
import { seedDivergences } from "./divergences.testing";
import { seedLetters } from "./letters.testing";
import { seedOperations } from "./operations.testing";
import { planOf } from "./put.testing";
import { seedSagas } from "./sagas.testing";

/** A zone full of rows: `mark` stands in every text of them, `ids` are their names as an address or a body takes them. */
export type SeededZone = { zoneId: string; mark: string; ids: Record<string, string[]> };

const contract = (zoneId: string, mark: string) => `version: 1
zone: ${zoneId}
title: Title ${mark}
promise: What ${mark} promises is kept.
business_key: { name: order }
facts: [{ fact: fact of ${mark}, authority: payments }]
expectation: { class: eventual, window: 10m, at_risk: 60% }
semantics:
  propagation: outbox
  ordering: by-key
  events:
    E${mark}: { from: orders, to: [payment-service], means: The meaning of ${mark}. }
recovery:
  retry: { attempts: 5, backoff: exponential, first: 1s, max: 30s }
  sagas: { saga-${mark}: { deadline: 7m, steps: [{ step: step-${mark}, compensation: undo-${mark}, within: 5m }] } }
  reconciliation:
    - rule: rule-${zoneId}
      every: 15m
      authority: { source: payments, relation: r_${mark}, key: id, columns: [c_${mark}] }
      projection: { source: orders, relation: p_${mark}, key: id, columns: [c_${mark}] }
  approvals: { discard: 1, edit_and_retry: 0, retry_above: 1 }
accountability:
  owner: owner-${mark}
  runbooks: [{ when: parked, title: Runbook ${mark}, steps: [Step ${mark}] }]
`;

/** Two zones on the same sources, each full of rows of every kind, and judged. */
export async function seedZones(db: Db, personId: string, now: number): Promise<[SeededZone, SeededZone]> {
  const marks = ["order-commitment", "vault-balance"].map((zoneId) => ({ zoneId, mark: `mk${randomBytes(6).toString("hex")}` }));
  const files = await testFiles({
    "accord.yaml": accordText,
    ...Object.fromEntries(marks.map(({ zoneId, mark }) => [`contracts/${zoneId}.yaml`, contract(zoneId, mark)])),
  });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  const { configuration } = loaded;
  const worker = { db, actor: { kind: "worker", workerId: "seed" } as const, now };
  await applyConfiguration(worker, configuration, [], (tx) => applyContracts(tx, configuration.sources, now));
  const zones: SeededZone[] = [];
  for (const [place, { zoneId, mark }] of marks.entries()) zones.push(await seed(db, zoneId, mark, place, personId, now));
  await db.execute(sql`update source_status set observed_at = now()`);
  await judgeZones(db);
  return zones as [SeededZone, SeededZone];
}

async function seed(db: Db, zoneId: string, mark: string, place: number, personId: string, now: number): Promise<SeededZone> {
  const plan = planOf(db, { zoneId, mark, place, personId, now });
  const letters = await seedLetters(plan);
  const sagas = await seedSagas(plan);
  const divergences = await seedDivergences(plan);
  const operations = await seedOperations(plan, letters);
  const { cases, approvals } = await seedCases(plan, letters.groupId, operations);
  const { alerts, notifications, silenceId } = await seedAlerts(plan);
  const text = (values: readonly number[]) => values.map(String);
  return {
    zoneId,
    mark,
    ids: {
      zoneId: [zoneId],
      zone: [zoneId],
      groupId: text([letters.groupId]),
      id: text(letters.ids),
      operationId: text(operations),
      caseId: text(cases),
      approvalId: text(approvals),
      alertId: text(alerts),
      silenceId: text([silenceId]),
      notificationId: notifications,
      when: ["new_groups > 0", "parked > 3 for 1m"],
      divergenceId: text(divergences),
      holdId: text([sagas.holdId]),
      sagaId: sagas.ids,
      messageId: letters.messageIds,
      key: [plan.keys[0], plan.keys[2]],
      rule: [`rule-${zoneId}`],
      businessKey: [plan.keys[0]],
    },
  };
}
