import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { markTokensRevoked } from "../tokens/sql";
import { type Invitation, parseInvitation } from "./input";
import { generatePassword, hashPassword } from "./password.rules";
import { deleteFactor } from "./second-factor/sql";
import { markSessionsRevoked } from "./sessions/sql";
import * as store from "./sql";

/** What is said below a password that was printed. */
export const ONE_USE = "It is for one use: whoever signs in with it is asked for a password of their own.";
const USAGE = `Usage:
  npm run operator -- list
  npm run operator -- add <e-mail> [--name "Ada L."] [--role viewer|operator|approver|administrator] [--zones a,b] [--provider]
  npm run operator -- reset <e-mail>
  npm run operator -- remove-second-factor <e-mail>`;

const actor = { kind: "worker", workerId: "command line" } as const;

/**
 * People from the command line, for whoever may reach the store anyway: the first administrator, and the last one who forgot a password.
 * Answers lines to print and the exit code; every change is in the audit, a password is given once.
 */
export async function operatorCommand(
  db: Db,
  args: readonly string[],
  now: Instant = Date.now(),
): Promise<{ lines: string[]; exitCode: number }> {
  try {
    const [verb, email, ...rest] = args;
    if (verb === "list" && email === undefined) return { lines: await listed(db), exitCode: 0 };
    if (verb === "add" && email !== undefined) return { lines: await added(db, invitationOf(email, rest), now), exitCode: 0 };
    if (verb === "reset" && email !== undefined && rest.length === 0) return { lines: await reset(db, email, now), exitCode: 0 };
    if (verb === "remove-second-factor" && email !== undefined && rest.length === 0)
      return { lines: await factorRemoved(db, email, now), exitCode: 0 };
    return { lines: [USAGE], exitCode: 2 };
  } catch (error) {
    if (error instanceof Refusal) return { lines: [error.message, "", USAGE], exitCode: 2 };
    throw error;
  }
}

function invitationOf(email: string, rest: readonly string[]): Invitation {
  const given = new Map<string, string>();
  for (let i = 0; i < rest.length; i++) {
    const name = rest[i]!;
    if (name === "--provider") given.set(name, "");
    else if (["--name", "--role", "--zones"].includes(name) && rest[i + 1] !== undefined) given.set(name, rest[++i]!);
    else throw new Refusal("invalid", `${name} is not understood here.`);
  }
  return parseInvitation({
    email,
    name: given.get("--name") ?? email.split("@")[0],
    role: given.get("--role") ?? "operator",
    zones:
      given
        .get("--zones")
        ?.split(",")
        .map((zone) => zone.trim()) ?? null,
    password: !given.has("--provider"),
  });
}

async function listed(db: Db): Promise<string[]> {
  const { operators, more } = await store.selectOperators(db);
  if (operators.length === 0)
    return ["There is nobody yet. Add an administrator: npm run operator -- add you@example.com --role administrator"];
  const lines = operators.map(
    ({ email, role, zones, active }) =>
      `${email}  ${role}  ${zones === null ? "all zones" : zones.join(",") || "no zone"}${active ? "" : "  may not sign in"}`,
  );
  return more ? [...lines, "There are more; the list stops here."] : lines;
}

async function added(db: Db, request: Invitation, now: Instant): Promise<string[]> {
  const { email, name, role, zones } = request;
  const password = request.password ? generatePassword() : null;
  const passwordHash = password && (await hashPassword(password));
  await db.transaction(async (tx) => {
    const id = await store.insertOperator(tx, { name, email, role, zones, passwordHash, passwordOnce: true, oidc: null }, now);
    if (id === null) throw new Refusal("conflict", `${email} is there already; reset gives a new password.`);
    const target = { kind: "operator", id, zones: [] };
    await appendAudit(tx, { at: now, actor, action: "operator.invite", target, result: "done", detail: { email, role, zones } });
  });
  return [`${email} is ${role} for ${zones === null ? "all zones" : zones.join(", ")}.`, ...passwordLines(password)];
}

async function mustKnow(db: Db, email: string): Promise<store.Credentials> {
  const known = await store.selectOperatorByEmail(db, email.trim().toLowerCase());
  if (!known) throw new Refusal("not_found", `There is nobody with the e-mail ${email}.`);
  return known;
}

async function factorRemoved(db: Db, email: string, now: Instant): Promise<string[]> {
  const known = await mustKnow(db, email);
  await db.transaction(async (tx) => {
    if (!(await deleteFactor(tx, known.id))) throw new Refusal("conflict", `${known.email} has no second factor.`);
    await markSessionsRevoked(tx, known.id, now, null);
    await markTokensRevoked(tx, known.id, now);
    const target = { kind: "operator", id: known.id, zones: [] };
    await appendAudit(tx, { at: now, actor, action: "second_factor.remove_other", target, result: "done" });
  });
  return [`${known.email} signs in with the password alone; every session and personal token of theirs has ended.`];
}

async function reset(db: Db, email: string, now: Instant): Promise<string[]> {
  const known = await mustKnow(db, email);
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  await db.transaction(async (tx) => {
    await store.markPassword(tx, known.id, passwordHash, true, now);
    await markSessionsRevoked(tx, known.id, now, null);
    await markTokensRevoked(tx, known.id, now);
    const target = { kind: "operator", id: known.id, zones: [] };
    await appendAudit(tx, { at: now, actor, action: "operator.reset_password", target, result: "done" });
  });
  return [`${known.email} has a new password; every session and personal token of theirs has ended.`, ...passwordLines(password)];
}

const passwordLines = (password: string | null): string[] =>
  password === null ? ["They sign in through the identity provider."] : [`Password, shown this once: ${password}`, ONE_USE];
