import type { Ctx, Person, Role } from "../context";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { hashPassword } from "./password.rules";
import { sealingKeyOf } from "./second-factor/rules";
import { openSession } from "./sessions/service";
import { insertOperator } from "./sql";

/** The password of everybody that `makeOperator` makes; cheap to check unless `full` is asked for. */
export const TEST_PASSWORD = "correct horse battery";
/** What opens the secrets of second factors. */
export const TEST_SEALING_KEY = sealingKeyOf("a secret of the tests");
const CHEAP_LOG_N = 8;

/** A signed-in person for tests: stored, with an open session, and a ctx to act in. */
export async function makeOperator(
  db: Db,
  now: Instant,
  {
    role = "operator",
    zones = null,
    name = role,
    full = false,
  }: { role?: Role; zones?: string[] | null; name?: string; full?: boolean } = {},
): Promise<{ id: string; email: string; actor: Person & { sessionId: string }; ctx: Ctx }> {
  const passwordHash = await hashPassword(TEST_PASSWORD, full ? undefined : CHEAP_LOG_N);
  const email = `${name.toLowerCase().replace(/\W+/g, ".")}@example.test`;
  const id = await insertOperator(db, { name, email, role, zones, passwordHash, passwordOnce: false, oidc: null }, now);
  if (id === null) throw new Error(`${email} was made before: give the second one another name.`);
  const sessionId = (await openSession(
    db,
    now,
    { id, name, email, role, zones },
    { ip: null, userAgent: "test", how: "password", passwordHash },
  ))!;
  const actor = { kind: "operator", operatorId: id, name, email, role, zones, sessionId } as const;
  return { id, email, actor, ctx: { db, actor, now } };
}
