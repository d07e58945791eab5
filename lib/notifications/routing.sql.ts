import { sql } from "drizzle-orm";
import type { MessageKind } from "../channels/message.rules";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Part } from "../words";
import type { DueStep } from "./routing.rules";

// One number for one purpose; any other lock of the store has another.
const ROUTING_LOCK = 7_311_013;

/** Takes routing until the end of the transaction; false while another worker routes. */
export async function lockRouting(tx: Db): Promise<boolean> {
  const got = await firstRow<{ got: boolean }>(tx, sql`select pg_try_advisory_xact_lock(${ROUTING_LOCK}) as got`);
  return got!.got;
}

export type DueOfAlert = DueStep & {
  alertId: number;
  zoneId: string;
  condition: string;
  cause: string;
  severity: "page" | "ticket";
  notify: string[];
  raisedAt: Instant | null;
  cleared: boolean;
  inhibited: boolean;
  silenced: boolean;
  told: string[];
  text: Part[];
};

/** The due steps of alerts that are not muted, or have a step that nobody has looked at: so many alerts, all their steps in order. */
export const selectDueSteps = (tx: Db, now: Instant, most: number): Promise<DueOfAlert[]> =>
  rows<DueOfAlert>(
    tx,
    sql`with active as materialized (select zone_id, condition, cause from silence where starts_at <= ${instant(now)} and ends_at > ${instant(now)} and coalesce(ended_at > ${instant(now)}, true)),
        standing as (select a.alert_id, bool_or(d.held is null) as fresh, a.inhibited_by is not null as inhibited,
            exists (select 1 from active s where coalesce(s.zone_id = a.zone_id, true) and coalesce(s.condition = a.condition, true) and coalesce(s.cause = a.cause, true)) as silenced
          from notification_due d join alert a using (alert_id) group by a.alert_id),
        picked as (select * from standing where fresh or not (silenced or inhibited) order by alert_id limit ${most})
        select d.n, e.kind, e.at, (select count(*)::int from alert_event x where x.alert_id = d.alert_id and x.n <= d.n and x.kind = 'escalated') as level, d.held,
            a.alert_id as "alertId", a.zone_id as "zoneId", a.condition, a.cause, a.severity, a.notify, a.raised_at as "raisedAt", a.state = 'cleared' as cleared, p.inhibited, p.silenced,
            array(select distinct t.channel from notification t where t.alert_id = a.alert_id and t.kind in ('raised', 'escalated')) as told, e.text
          from picked p join notification_due d using (alert_id) join alert a using (alert_id) join alert_event e on e.alert_id = d.alert_id and e.n = d.n order by d.alert_id, d.n`,
  );

export type NewNotification = {
  /** Given where somebody asks for what becomes of it. */
  notificationId?: string;
  channel: string;
  subject: string;
  n: number;
  alertId: number | null;
  zoneId: string | null;
  kind: MessageKind;
  urgent: boolean;
  content: unknown;
};

/**
 * Puts messages into the outbox; one that stands there already is left as it is. What ends something that was told as a number only is not
 * told by itself either.
 */
export const insertNotifications = (tx: Db, messages: readonly NewNotification[], now: Instant): Promise<number> =>
  touched(
    tx,
    sql`insert into notification (notification_id, channel, subject, n, alert_id, zone_id, kind, urgent, content, state, created_at, next_at)
        select coalesce(m."notificationId", gen_random_uuid()), m.channel, m.subject, m.n, m."alertId", m."zoneId", m.kind, m.urgent, m.content,
            case when m.kind in ('acknowledged', 'cleared') and coalesce((select bool_and(p.state = 'grouped') from notification p where p.alert_id = m."alertId" and p.channel = m.channel and p.kind in ('raised', 'escalated')), false) then 'grouped' else 'waiting' end,
            ${instant(now)}, clock_timestamp()
          from jsonb_to_recordset(${JSON.stringify(messages)}::jsonb) m("notificationId" uuid, channel text, subject text, n int, "alertId" bigint, "zoneId" text, kind text, urgent boolean, content jsonb)
        on conflict (channel, subject, n) do nothing`,
  );

/** Steps of which it is decided: they are due no more. */
export async function deleteDue(tx: Db, steps: readonly { alertId: number; n: number }[]): Promise<void> {
  await tx.execute(
    sql`delete from notification_due d using unnest(${list(
      steps.map(({ alertId }) => alertId),
      "bigint",
    )}, ${list(
      steps.map(({ n }) => n),
      "int",
    )}) s(alert_id, n) where d.alert_id = s.alert_id and d.n = s.n`,
  );
}

/** Steps that wait, and why. */
export async function holdDue(tx: Db, steps: readonly { alertId: number; n: number; why: string }[]): Promise<void> {
  await tx.execute(
    sql`update notification_due d set held = s.why from unnest(${list(
      steps.map(({ alertId }) => alertId),
      "bigint",
    )}, ${list(
      steps.map(({ n }) => n),
      "int",
    )}, ${list(
      steps.map(({ why }) => why),
      "text",
    )}) s(alert_id, n, why) where d.alert_id = s.alert_id and d.n = s.n`,
  );
}
