import { z } from "zod";
import { alertStates, severities } from "@/lib/alerts/rules";
import { silenceKinds } from "@/lib/alerts/silence.rules";
import { count, cursor, instant, instantOrNull, sentence, textOrNull, zoneTag } from "./common";

const silenceStates = z.enum(["planned", "active", "over"]);
const silence = z.strictObject({
  silenceId: z.string(),
  kind: z.enum(silenceKinds),
  state: silenceStates,
  zone: zoneTag.nullable(),
  condition: textOrNull,
  cause: textOrNull,
  startsAt: instant,
  endsAt: instant,
  reason: z.string(),
  by: z.string(),
  createdAt: instant,
  endedAt: instantOrNull,
  endedBy: textOrNull,
});
const alert = z.strictObject({
  alertId: z.string(),
  zone: zoneTag,
  condition: z.string(),
  words: z.string(),
  cause: z.strictObject({ id: z.string(), name: z.string(), href: z.string() }).nullable(),
  severity: z.enum(severities),
  state: z.enum(alertStates),
  since: instant,
  raisedAt: instantOrNull,
  quietSince: instantOrNull,
  clearedAt: instantOrNull,
  acknowledged: z.strictObject({ at: instant, by: z.string() }).nullable(),
  level: count,
  escalateAt: instantOrNull,
  inhibitedBy: textOrNull,
  previousId: textOrNull,
  figure: textOrNull,
  notify: z.array(z.string()),
  silenced: z
    .strictObject({ silenceId: z.string(), kind: z.enum(silenceKinds), until: instant, by: z.string(), reason: z.string() })
    .nullable(),
});
export const alerts = z.strictObject({
  now: instant,
  alerts: z.array(alert),
  counts: z.strictObject({ raised: count, acknowledged: count, pending: count }),
  evaluatedAt: instantOrNull,
  unknown: z.array(z.strictObject({ zone: zoneTag, condition: z.string(), since: instant, why: z.string() })),
  silences: z.array(silence),
  zones: z.array(zoneTag),
  after: cursor,
});
export const oneAlert = z.strictObject({
  now: instant,
  one: alert,
  sentence,
  runbook: z.strictObject({ title: z.string(), when: z.string(), steps: z.array(z.string()) }).nullable(),
  owner: z.string(),
  onCall: textOrNull,
  history: z.array(
    z.strictObject({ n: count, at: instant, by: z.string(), person: z.boolean(), kind: z.string(), text: sentence }),
  ),
});
export const acknowledged = z.strictObject({ alertId: z.string(), state: z.enum(alertStates) });
export const silenced = z.strictObject({ silenceId: z.string(), state: z.string() });
export const bell = z.strictObject({ now: instant, raisedN: count, first: z.array(alert) });
export const replay = z.strictObject({
  now: instant,
  words: z.string(),
  from: instant,
  to: instant,
  seen: z.number(),
  unknown: z.number(),
  raised: z.array(z.strictObject({ cause: z.string(), raisedAt: instant, clearedAt: instantOrNull, figure: z.string() })),
  raisedN: count,
});
export const paged = z.strictObject({
  now: instant,
  paged: z
    .strictObject({
      ...{ alert, me: z.boolean(), whom: z.string(), at: instant, through: z.array(z.string()) },
      next: z.strictObject({ at: instant, to: z.array(z.string()) }).nullable(),
    })
    .nullable(),
  moreN: count,
});
