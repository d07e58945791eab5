import { conditionKey } from "../alerts/condition.rules";
import { watchedConditions } from "../alerts/watched";
import { conditionWords } from "../alerts/words";
import type { Message } from "../channels/message.rules";
import { selectRoutes, selectToldChannels } from "../channels/sql";
import type { AlertMetric, Contract, RunbookCause } from "../contracts/rules";
import { bestRunbook } from "../contracts/runbooks.rules";
import { readApplied, readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { textOf } from "../words";
import { channelsFor, type Decided, decide } from "./routing.rules";
import {
  type DueOfAlert,
  deleteDue,
  holdDue,
  insertNotifications,
  lockRouting,
  type NewNotification,
  selectDueSteps,
} from "./routing.sql";
import { notificationLimits } from "./rules";
import { alertTitle } from "./words";

/**
 * Decides whom the due steps of alerts are told to, and puts that into the outbox; in one transaction, so that a step is either still due or
 * decided. One worker at a time; the others find nothing to do.
 */
export async function routeSteps(db: Db, baseUrl: string | null, now: Instant = Date.now()): Promise<number> {
  return db.transaction(async (tx) => {
    if (!(await lockRouting(tx))) return 0;
    const due = await selectDueSteps(tx, now, notificationLimits.alertsPerRound);
    if (due.length === 0) return 0;
    const [contracts, { routes }, channels, applied] = [
      await readContracts(tx),
      await selectRoutes(tx),
      await selectToldChannels(tx),
      await readApplied(tx),
    ];
    const world: World = { contracts, routes, channels, environment: applied?.environment ?? "", baseUrl, now };
    const { told, done, held } = decideAll(due, world);
    if (told.length > 0) await insertNotifications(tx, told, now);
    if (held.length > 0) await holdDue(tx, held);
    if (done.length > 0) await deleteDue(tx, done);
    return due.length;
  });
}

type World = {
  contracts: readonly Contract[];
  routes: Parameters<typeof channelsFor>[3]["routes"];
  channels: readonly string[];
  environment: string;
  baseUrl: string | null;
  now: Instant;
};

function decideAll(due: readonly DueOfAlert[], world: World) {
  const byAlert = new Map<number, DueOfAlert[]>();
  for (const step of due) byAlert.set(step.alertId, [...(byAlert.get(step.alertId) ?? []), step]);
  const told: NewNotification[] = [];
  const done: { alertId: number; n: number }[] = [];
  const held: { alertId: number; n: number; why: string }[] = [];
  for (const [alertId, steps] of byAlert)
    for (const decided of decideAlert(steps, world)) {
      if (decided.act === "hold") held.push({ alertId, n: decided.n, why: decided.why });
      else done.push({ alertId, n: decided.n });
      if (decided.act !== "tell") continue;
      const step = steps.find(({ n }) => n === decided.n)!;
      for (const channel of decided.channels) told.push(notificationOf(step, channel, world));
    }
  return { told, done, held };
}

function decideAlert(steps: readonly DueOfAlert[], { contracts, routes, channels, now }: World): Decided[] {
  const { zoneId, severity, notify, ...stand } = steps[0]!;
  const owner = contracts.find((contract) => contract.zoneId === zoneId)?.accountability.owner ?? "";
  return decide(steps, stand, (level) => channelsFor({ zoneId, owner, severity, notify }, level, now, { routes, channels }));
}

function notificationOf(step: DueOfAlert, channel: string, world: World): NewNotification {
  const { alertId, zoneId, kind, n, severity } = step;
  const subject = `alert ${alertId}`;
  return {
    ...{ channel, subject, n, alertId, zoneId, kind },
    urgent: severity === "page",
    content: messageOf(step, subject, world),
  };
}

/** What a step says: nothing of a payload stands in an alert, and its sentence is the one of the screens. */
function messageOf(step: DueOfAlert, subject: string, { contracts, environment, baseUrl }: World): Message {
  const { alertId, zoneId, kind, condition, cause, severity, level, at, raisedAt, text } = step;
  const contract = contracts.find((one) => one.zoneId === zoneId);
  const watched = contract && watchedConditions(contract).find((one) => conditionKey(one.condition) === condition)?.condition;
  const words = contract && watched ? conditionWords(watched, contract.expectation.windowMs) : condition;
  const zone = contract?.title ?? zoneId;
  return {
    ...{ kind, subject, environment, at },
    title: alertTitle(kind, zone, words, cause),
    sentence: textOf(text),
    link: baseUrl === null ? null : new URL(`/alerts/${alertId}`, baseUrl).href,
    urgent: severity === "page",
    over: kind === "cleared",
    alert: {
      ...{ alertId, zoneId, zone, condition, cause, severity, level },
      raisedAt: raisedAt ?? at,
      owner: contract?.accountability.owner ?? "",
    },
    runbook: contract && watched ? runbookOf(contract, watched.metric) : null,
  };
}

const causeOf: Partial<Record<AlertMetric, RunbookCause>> = {
  publish_lag: "unpublished",
  unpublished: "unpublished",
  processing_lag: "undelivered",
  undelivered: "undelivered",
  held: "held",
  parked: "parked",
  new_groups: "parked",
  group_growth: "parked",
  regressions: "parked",
  sagas_overdue: "saga",
  compensations_failed: "compensation",
  compensations_late: "compensation",
  divergences: "divergence",
  match_rate: "divergence",
  silence: "silence",
  sources_silent: "silence",
};

function runbookOf(contract: Contract, metric: AlertMetric): string | null {
  const cause = causeOf[metric];
  return cause === undefined ? null : (bestRunbook(contract, { causes: [cause], kinds: [], at: null })?.title ?? null);
}
