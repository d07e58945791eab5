import { selectAlert } from "../alerts/read.sql";
import { alertRows } from "../alerts/rows";
import { takeAlert } from "../alerts/service";
import { auditedOnce } from "../audited";
import type { LinkHolder, Person } from "../context";
import { readContracts } from "../contracts/service";
import { firstToDo } from "../operators/service";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { linkBlock, linkWords } from "./link-words";
import { markLinkUsed, selectTold, type ToldAlert } from "./links.sql";
import { type Opening, refuseStranger, signedBy } from "./opened";
import type { AlertLinkView } from "./views";

/** What stands on the page of a link that acknowledges: of the alert no more than its message told. Changes nothing, whoever asks. */
export async function readAlertLink(opening: Opening, { link }: { link: string }): Promise<AlertLinkView> {
  const { told, until } = await openLink(opening, link);
  const actor = actorFor(opening, told);
  const ctx = { db: opening.db, actor: holderOf(told), now: opening.now };
  const stored = (await selectAlert(opening.db, told.alertId))!;
  const [row] = await alertRows(ctx, [stored], { contracts: await readContracts(opening.db), silences: [] });
  return {
    now: opening.now,
    ...{ alertId: row!.alertId, zone: row!.zone.title, words: row!.words, severity: row!.severity, raisedAt: row!.raisedAt },
    channel: told.channel,
    signIn: actor === null,
    as: actor?.kind === "operator" ? actor.name : null,
    why: linkBlock(told, until) ?? (actor === null ? null : whyNot(actor, told)),
  };
}

/** Takes the alert that a link is for, once, as whoever the channel asks for: the person who is signed in, or the link itself. */
export async function acknowledgeByLink(
  opening: Opening,
  request: { link: string; key: string },
): Promise<{ alertId: string; state: string; by: string }> {
  const { db, now } = opening;
  const { told, until, notificationId } = await openLink(opening, request.link);
  const { alertId, zoneId, channel } = told;
  const actor = actorFor(opening, told);
  const ctx = { db, now, actor: actor ?? holderOf(told) };
  const { value } = await auditedOnce(ctx, "alert.acknowledge", { alertId, notificationId, key: request.key }, async () => ({
    target: { kind: "alert", id: String(alertId), zones: [zoneId] },
    change: async (tx) => {
      refuseUse(told, until, actor);
      // Used meanwhile, by whoever pressed at the same time.
      if (!(await markLinkUsed(tx, notificationId, until)))
        throw new Refusal("conflict", linkBlock((await selectTold(tx, notificationId))!, until) ?? linkWords.gone);
      const by = { id: ctx.actor.kind === "operator" ? ctx.actor.operatorId : null, name: ctx.actor.name };
      await takeAlert(tx, alertId, by, null, now);
      return { alertId: String(alertId), state: "acknowledged", by: by.name };
    },
    entry: { detail: { channel, notificationId } },
  }));
  return value;
}

function refuseUse(told: ToldAlert, until: Instant, actor: Person | LinkHolder | null): void {
  const why = linkBlock(told, until);
  if (why !== null) throw new Refusal("conflict", why);
  if (actor === null) throw new Refusal("unauthenticated", linkWords.signIn);
  const first = firstToDo(actor);
  if (first !== null) throw new Refusal("forbidden", first);
}

/** The message that a link came with. */
async function openLink(opening: Opening, text: string): Promise<{ told: ToldAlert; until: Instant; notificationId: string }> {
  const { about, until } = await signedBy(opening, "acknowledge", "alert.acknowledge", text);
  const told = await selectTold(opening.db, about);
  if (!told) return refuseStranger(opening, "alert.acknowledge", new Refusal("not_found", linkWords.gone));
  return { told, until, notificationId: about };
}

/** As whom a link acknowledges; null where somebody must sign in first. A link that asks nobody is never a person, whoever is signed in beside it. */
const actorFor = ({ person }: Opening, told: ToldAlert): Person | LinkHolder | null =>
  told.way === "by_link" ? holderOf(told) : person;

const holderOf = ({ alertId, zoneId, channel }: ToldAlert): LinkHolder => ({
  kind: "link",
  ...{ linkId: `link:${channel}:${alertId}`, name: linkWords.holder(channel), opens: "alert.acknowledge", zones: [zoneId] },
});

function whyNot(actor: Person | LinkHolder, { zoneId }: ToldAlert): string | null {
  const permission = can(actor, "alert.acknowledge", [zoneId]);
  return firstToDo(actor) ?? (permission.ok ? null : permission.reason);
}
