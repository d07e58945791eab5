import { sql } from "drizzle-orm";
import { insertAlerts, type OpenAlert, selectOpen, updateAlerts } from "../alerts/sql";
import { type ChannelConfig, publicChannel, type Route } from "../channels/rules";
import { replaceTelling } from "../channels/sql";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { plain } from "../words";

type Kind = "raised" | "escalated" | "acknowledged" | "cleared";

/** Puts so many alerts into the store, raised: what the evaluation does, without the zones that it would need. */
export async function raiseAlerts(
  db: Db,
  n: number,
  at: number,
  more: { zoneId?: string; severity?: "page" | "ticket" } = {},
): Promise<OpenAlert[]> {
  const { zoneId = "sales", severity = "page" } = more;
  const before = new Set((await selectOpen(db)).map(({ alertId }) => alertId));
  const event = { kind: "raised" as const, text: [plain("Raised: it is wrong.")] };
  const causes = Array.from({ length: n }, (_, i) => `c${at}-${i}`);
  await insertAlerts(
    db,
    causes.map((cause) => ({
      ...{
        zoneId,
        condition: "parked > 0",
        cause,
        severity,
        state: "raised" as const,
        escalateAt: null,
        inhibitedBy: null,
        value: 1,
      },
      ...{ notify: [], event },
    })),
    at,
  );
  return (await selectOpen(db)).filter(({ alertId }) => !before.has(alertId));
}

/** One more step of each of these alerts. */
export async function stepAlerts(db: Db, alertIds: readonly number[], kind: Kind, at: number): Promise<void> {
  const open = (await selectOpen(db)).filter(({ alertId }) => alertIds.includes(alertId));
  const state = kind === "cleared" ? "cleared" : kind === "acknowledged" ? "acknowledged" : "raised";
  await updateAlerts(
    db,
    open.map((alert) => ({
      ...{ ...alert, state, value: null },
      level: alert.level + (kind === "escalated" ? 1 : 0),
      event: { kind, text: [plain(`${kind}.`)] },
    })),
    at,
  );
}

/** Puts channels and routes in force, as a worker's files would. */
export const putTelling = (db: Db, channels: readonly ChannelConfig[], routes: readonly Route[] = []): Promise<void> =>
  replaceTelling(db, { channels: channels.map(publicChannel), routes: [...routes], digests: [] });

export const route = (more: Partial<Route>): Route => ({
  ...{ zones: [], owners: [], severity: null, days: [], hours: null, timeZone: "UTC", to: [], escalate: [] },
  ...more,
});

/** What the outbox holds, in the order of its subjects and steps. */
export const outbox = (db: Db) =>
  rows<{
    channel: string;
    subject: string;
    n: number;
    kind: string;
    state: string;
    attempts: number;
    words: string | null;
    id: string;
    title: string;
  }>(
    db,
    sql`select channel, subject, n, kind, state, attempts, words, notification_id as id, content->>'title' as title from notification order by created_at, channel, subject, n`,
  );

/** Lets whatever waits for a later moment be due now. */
export const makeDue = (db: Db): Promise<unknown> =>
  db.execute(sql`update notification set next_at = clock_timestamp(), claimed_until = null where state = 'waiting'`);
