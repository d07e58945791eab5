import type { Actor, Ctx, Role } from "../context";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { hashPassword } from "./password";
import { openSession } from "./sessions/service";
import { insertOperator } from "./sql";

/** The password of everybody that `makeOperator` makes; hashed once, since hashing is slow on purpose. */
export const TEST_PASSWORD = "correct horse battery";
let hashed: Promise<string> | null = null;

/** A signed-in person for tests: stored, with an open session, and a ctx to act in. */
export async function makeOperator(
  db: Db,
  now: Instant,
  { role = "operator", zones = null, name = role }: { role?: Role; zones?: string[] | null; name?: string } = {},
): Promise<{ id: string; email: string; actor: Extract<Actor, { kind: "operator" }>; ctx: Ctx }> {
  hashed ??= hashPassword(TEST_PASSWORD);
  const email = `${name.toLowerCase().replace(/\W+/g, ".")}@example.test`;
  const id = await insertOperator(db, { name, email, role, zones, passwordHash: await hashed, oidc: null }, now);
  if (id === null) throw new Error(`${email} was made before: give the second one another name.`);
  const sessionId = await openSession(db, now, { id, name, email, role, zones }, { userAgent: "test", how: "password" });
  const actor = { kind: "operator", operatorId: id, name, email, role, zones, sessionId } as const;
  return { id, email, actor, ctx: { db, actor, now } };
}
