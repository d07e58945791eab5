import { randomUUID } from "node:crypto";
import type { Plan } from "./put.testing";

/** Alerts that are raised and over, with what happened to them and who was told; a silence; and readings to try a condition on. */
export async function seedAlerts({ zoneId, mark, personId, reason, ago, put }: Plan) {
  const alerts: number[] = [];
  const notifications: string[] = [];
  for (const state of ["raised", "cleared"]) {
    const made = await put<{ alert_id: number }>("alert", {
      ...{ zone_id: zoneId, condition: "new_groups > 0", cause: mark, severity: "page", state, notify: [`chan${mark}`] },
      ...{ since: ago(90_000), raised_at: ago(90_000), cleared_at: state === "cleared" ? ago(10_000) : null, events_n: 1 },
      ...{ acknowledged_by: state === "cleared" ? personId : null, acknowledged_by_name: state === "cleared" ? mark : null },
      ...{ acknowledged_at: state === "cleared" ? ago(60_000) : null, state_n: 0, level: 0 },
    });
    alerts.push(made.alert_id);
    const text = [{ text: `Raised for ${mark}` }];
    await put("alert_event", { alert_id: made.alert_id, n: 1, at: ago(90_000), kind: "raised", by_name: "Accord", text });
    const notificationId = randomUUID();
    notifications.push(notificationId);
    await put("notification", {
      ...{ notification_id: notificationId, channel: "pager", subject: `alert ${made.alert_id}`, n: 1, alert_id: made.alert_id },
      ...{ zone_id: zoneId, kind: "raised", urgent: true, content: { title: mark }, state: state === "raised" ? "dead" : "sent" },
      ...{ created_at: ago(90_000), next_at: ago(90_000), words: mark, attempts: 1, refusals: 0, claim_n: 0 },
    });
  }
  const silence = await put<{ silence_id: number }>("silence", {
    ...{ kind: "silence", zone_id: zoneId, condition: "breached > 0", starts_at: ago(60_000), ends_at: ago(-600_000) },
    ...{ reason, by_id: personId, by_name: `Name ${mark}`, created_at: ago(60_000) },
  });
  await put("alert_unknown", { zone_id: zoneId, condition: "at_risk > 0", since: ago(60_000), why: `not seen, says ${mark}` });
  await put("alert_reading", { zone_id: zoneId, at: ago(60_000), reading: { causes: { new_groups: [{ id: mark, value: 1 }] } } });
  return { alerts, notifications, silenceId: silence.silence_id };
}
