import { type Role, roles } from "./context";

/** Zones: needed in every zone of the target. Estate: needed for all zones. Self: one's own session and password. */
type Scope = "zones" | "estate" | "self";
type Rule = {
  least: Role;
  scope: Scope;
  to: string;
  /** For somebody who signed in: neither a worker nor a token, which may lie in a file, can do it. */
  personOnly?: true;
};

const rules = {
  "dead_letter.retry": { least: "operator", scope: "zones", to: "retry messages" },
  "dead_letter.edit": { least: "operator", scope: "zones", to: "edit messages and retry them" },
  "dead_letter.discard": { least: "operator", scope: "zones", to: "discard messages" },
  "dead_letter.resolve": { least: "operator", scope: "zones", to: "resolve messages by hand" },
  "dead_letter.take_back": { least: "operator", scope: "zones", to: "take closed messages back" },
  // What contracts mask is shown to those who decide for others, and only when they are signed in.
  "dead_letter.reveal": { least: "approver", scope: "zones", to: "reveal what is masked", personOnly: true },
  "dead_letter.export": { least: "viewer", scope: "self", to: "export dead letters" },
  "view.save": { least: "viewer", scope: "self", to: "keep views of their own" },
  "view.share": { least: "operator", scope: "self", to: "share views" },
  "divergence.recheck": { least: "operator", scope: "zones", to: "have a divergence looked at again" },
  "rule.run": { least: "operator", scope: "zones", to: "run a rule" },
  "operation.pause": { least: "operator", scope: "zones", to: "pause an operation" },
  "operation.resume": { least: "operator", scope: "zones", to: "resume an operation" },
  "operation.cancel": { least: "operator", scope: "zones", to: "cancel an operation" },
  "operation.continue": { least: "operator", scope: "zones", to: "go on after a canary" },
  "operation.change": { least: "operator", scope: "zones", to: "change an operation's limits" },
  "operation.undo": { least: "operator", scope: "zones", to: "undo an operation" },
  "approval.approve": { least: "approver", scope: "zones", to: "approve what others ask for", personOnly: true },
  "approval.refuse": { least: "approver", scope: "zones", to: "refuse what others ask for", personOnly: true },
  "approval.withdraw": { least: "operator", scope: "zones", to: "withdraw a request" },
  "message.export": { least: "viewer", scope: "zones", to: "export which messages a zone lacks" },
  "deploy.mark": { least: "operator", scope: "zones", to: "mark a deploy" },
  "saga.hold": { least: "operator", scope: "zones", to: "hold compensations" },
  "saga.release": { least: "operator", scope: "zones", to: "release compensations" },
  "alert.acknowledge": { least: "operator", scope: "zones", to: "acknowledge an alert" },
  "alert.silence": { least: "operator", scope: "zones", to: "silence alerts" },
  "case.open": { least: "operator", scope: "zones", to: "open a case" },
  "case.assign": { least: "operator", scope: "zones", to: "assign a case" },
  "case.acknowledge": { least: "operator", scope: "zones", to: "acknowledge a case" },
  "case.comment": { least: "operator", scope: "zones", to: "comment on a case" },
  "case.snooze": { least: "operator", scope: "zones", to: "snooze a case" },
  "case.tick": { least: "operator", scope: "zones", to: "tick a runbook's steps" },
  "case.resolve": { least: "operator", scope: "zones", to: "resolve a case" },
  "case.reopen": { least: "operator", scope: "zones", to: "reopen a case" },
  "source.discover": {
    least: "administrator",
    scope: "estate",
    to: "look at databases that are no source yet",
    personOnly: true,
  },
  "group.state": { least: "operator", scope: "zones", to: "say where a group of dead letters stands" },
  "group.assign": { least: "operator", scope: "zones", to: "assign a group of dead letters" },
  "group.note": { least: "operator", scope: "zones", to: "write a note on a group of dead letters" },
  "group.merge": { least: "operator", scope: "zones", to: "merge groups of dead letters" },
  "group.split": { least: "operator", scope: "zones", to: "split a group of dead letters" },
  "group.undo": { least: "operator", scope: "zones", to: "undo a merge or split of groups" },
  "group.ticket": { least: "operator", scope: "zones", to: "set the ticket of a group of dead letters" },
  "channel.test": { least: "administrator", scope: "estate", to: "send a test on a channel" },
  // By the link in a digest, which is its reader's.
  "digest.leave": { least: "administrator", scope: "estate", to: "end digests to a reader" },
  "digest.rejoin": { least: "administrator", scope: "estate", to: "send digests again to a reader who ended them" },
  "notification.retry": { least: "operator", scope: "zones", to: "send again what was given up" },
  "operator.invite": { least: "administrator", scope: "estate", to: "invite operators", personOnly: true },
  "operator.change": { least: "administrator", scope: "estate", to: "change operators", personOnly: true },
  "operator.reset_password": { least: "administrator", scope: "estate", to: "reset passwords", personOnly: true },
  "session.revoke": { least: "administrator", scope: "estate", to: "end other people's sessions", personOnly: true },
  "session.open": { least: "viewer", scope: "self", to: "sign in", personOnly: true },
  "session.close": { least: "viewer", scope: "self", to: "sign out", personOnly: true },
  "token.create": { least: "viewer", scope: "self", to: "make a token", personOnly: true },
  "token.revoke": { least: "viewer", scope: "self", to: "revoke one's own token", personOnly: true },
  "token.create_service": { least: "administrator", scope: "estate", to: "make a service token", personOnly: true },
  "token.revoke_other": { least: "administrator", scope: "estate", to: "revoke other people's tokens", personOnly: true },
  "second_factor.set": { least: "viewer", scope: "self", to: "set up one's own second factor", personOnly: true },
  "second_factor.remove": { least: "viewer", scope: "self", to: "remove one's own second factor", personOnly: true },
  "second_factor.remove_other": {
    least: "administrator",
    scope: "estate",
    to: "remove other people's second factors",
    personOnly: true,
  },
  "audit.export": { least: "viewer", scope: "self", to: "export the audit" },
  "operator.act_early": { least: "viewer", scope: "self", to: "act before choosing a password of one's own", personOnly: true },
  "operator.change_password": { least: "viewer", scope: "self", to: "change one's password", personOnly: true },
} as const satisfies Record<string, Rule>;

/** A verb as it is called everywhere: in permissions, in the audit, in metrics. */
export type Action = keyof typeof rules;

/** Every action there is, for filters and tables. */
export const actions = Object.keys(rules) as Action[];

// What only a worker does, and nobody asks for.
const workersOwn: Record<string, string> = { "configuration.apply": "put other files in force" };

/** An action in words, after "may" or "asked to": `retry messages`. A word that a later version took away stands as it was written. */
export const actionWords = (action: string): string =>
  action in rules ? rules[action as Action].to : (workersOwn[action] ?? action);

/** What a permission depends on; every Actor has it, and so has the person that a screen shows. */
export type Standing =
  | { kind: "worker" }
  | { kind: "link"; opens: string; zones: readonly string[] }
  | { kind: "operator"; role: Role; zones: readonly string[] | null; token?: object | undefined }
  | { kind: "service"; role: Role; zones: readonly string[] | null };

/** Yes, or no with a sentence that says who can. */
export type Permission = { ok: true } | { ok: false; reason: string };

/** Whether the actor may do this to something that stands in these zones; in all of them, or it is a no. What no contract names stands in none. */
export function can(actor: Standing, action: Action, zones: readonly string[]): Permission {
  const rule: Rule = rules[action];
  if (actor.kind === "worker") return rule.personOnly ? no(`Only a person may ${rule.to}.`) : { ok: true };
  if (actor.kind === "link") return throughLink(actor, action, zones);
  const byToken = actor.kind === "service" || actor.token !== undefined;
  if (byToken && rule.personOnly) return no(`To ${rule.to} takes a person who is signed in; a token may not.`);
  if (!reaches(actor.role, rule.least))
    return no(`${byToken ? "This token is" : "You are"} ${articled(actor.role)}; to ${rule.to} takes ${whoMay(rule.least)}.`);
  if (rule.scope === "self") return { ok: true };
  if (rule.scope === "zones" && zones.length > 0) return inZones(actor.zones, rule, zones);
  if (rule.scope === "zones" && actor.role !== "administrator")
    return no(`No contract names this, so only an administrator may ${rule.to} here.`);
  return actor.zones === null ? { ok: true } : no(`To ${rule.to} here takes an administrator for all zones.`);
}

// What it opens was decided by whoever set the channel up; everything else takes somebody who is known.
const throughLink = (link: Extract<Standing, { kind: "link" }>, action: Action, zones: readonly string[]): Permission =>
  link.opens === action && zones.every((zone) => link.zones.includes(zone))
    ? { ok: true }
    : no(`This link opens one thing alone; to ${rules[action].to} takes somebody who is signed in.`);

/** Whether the actor sees a zone; null is what no contract names, seen by those who see all zones. */
export function canRead(actor: Standing, zone: string | null): boolean {
  return actor.kind === "worker" || actor.zones === null || (zone !== null && actor.zones.includes(zone));
}

/** The zones that a list is narrowed to; null is no narrowing, an empty list shows nothing. */
export function zoneFilter(actor: Standing): string[] | null {
  return actor.kind === "worker" || actor.zones === null ? null : [...actor.zones];
}

function inZones(own: readonly string[] | null, rule: Rule, zones: readonly string[]): Permission {
  if (own === null) return { ok: true };
  if (zones.every((zone) => own.includes(zone))) return { ok: true };
  // Without their names: whoever guesses a number would learn which zone it is in.
  return no(
    `You may not ${rule.to} in zones that are not yours; that takes ${articled(rule.least)} of every zone that is touched.`,
  );
}

const no = (reason: string): Permission => ({ ok: false, reason });
const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);
const articled = (role: Role): string => `${role === "viewer" ? "a" : "an"} ${role}`;

function whoMay(least: Role): string {
  const able = roles.filter((role) => reaches(role, least)).map(articled);
  return able.length === 1 ? able[0]! : `${able.slice(0, -1).join(", ")} or ${able.at(-1)}`;
}
