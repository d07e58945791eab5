import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nativeAbilities } from "../presets/own.rules";

/** What a source has whose tables are Accord's own. */
export const ownTables = { map: {}, abilities: nativeAbilities };

/** A small accord.yaml that is valid, with one password in a variable and one in the text. */
export const accordText = `version: 1
environment: test
sources:
  orders:
    service: order-service
    url: \${ORDERS_URL}
    consumers: [order-service, order-view]
    observe_every: 2s
  payments:
    service: payment-service
    url: postgres://observer:pa55-in-text@payments/db
    act: false
contracts: ./contracts
`;

/** The variable that accordText takes, with the password that must never be seen. */
export const environment = { ORDERS_URL: "postgres://observer:pa55-in-variable@orders/db" };

/** A small contract that is valid and of which the linter says nothing. */
export const contractText = `version: 1
zone: order-commitment
title: Order Commitment
promise: An accepted order is paid for.
business_key: { name: order, pattern: "ORD-\\\\d+" }
facts:
  - { fact: payment authorisation, authority: payments }
expectation:
  class: eventual
  window: 10m
  at_risk: 60%
  slo: { target: 99.9%, over: 30d }
semantics:
  propagation: outbox
  ordering: by-key
  events:
    OrderSubmitted: { from: orders, to: [payment-service], means: The customer committed to buy., schema: 2 }
    PaymentAuthorized:
      from: payments
      to: [order-service, order-view]
      propagation: cdc
      derived_from: [OrderSubmitted]
  states: { order: { submitted: [paid], paid: [] } }
recovery:
  retry: { attempts: 5, backoff: exponential, first: 1s, max: 30s }
  sagas:
    order-commitment:
      deadline: 7m
      steps:
        - { step: authorize-payment, compensation: void-payment, within: 5m }
  reconciliation:
    - rule: payment-agrees
      every: 15m
      authority: { source: payments, relation: payment, key: order_id, columns: [state, amount_cents], changed_at: updated_at }
      projection: { source: orders, relation: order_view, key: order_id, columns: [payment_state, amount_cents] }
      map: { state: payment_state }
      tolerance: { amount_cents: 0 }
      repair: auto
  cases: { due: 2h }
  approvals: { discard: 2, edit_and_retry: 0, retry_above: 50 }
accountability:
  owner: checkout
  on_call: { team: checkout, escalation: 4m }
  alerts:
    - { when: oldest_unresolved > window, notify: [pager] }
    - { when: budget_burn > 14.4x over 1h, notify: [pager, chat] }
  runbooks:
    - { when: divergence.missing at orders, title: Consumer rejects an event type, steps: [Look, Act] }
masking: ["$.customer.email", "$..pan"]
migration:
  - { fact: payment authorisation, from: legacy, to: payments, stage: dual-run, compare: payment-agrees, cut_over_by: 2027-01-31 }
  - { coupling: orders reads legacy.payment directly, owner: checkout, remove_by: 2999-03-01 }
payloads: { keep: 30d }
`;

/** Writes files into a folder of their own. `path` is its accord.yaml. */
export async function testFiles(
  files: Record<string, string | Uint8Array>,
): Promise<{ path: string; folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "accord-configuration-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return { path: join(folder, "accord.yaml"), folder, remove: () => rm(folder, { recursive: true }) };
}
