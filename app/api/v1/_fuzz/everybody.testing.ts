import { sql } from "drizzle-orm";
import { Browser, ORIGIN } from "@/app/_server/testing";
import type { Role } from "@/lib/context";
import { roles } from "@/lib/context";
import type { Db } from "@/lib/db/pool";
import { makeOperator, TEST_PASSWORD } from "@/lib/operators/testing";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken, revokeToken } from "@/lib/tokens/service";

/** Somebody at a handler: how they show who they are, and which zones they may see; null is all, and a stranger sees none. */
export type Somebody = { name: string; zones: readonly string[] | null; known: boolean; request: Browser["request"] };

/** Everybody who may come to a handler: each role with all zones and with one, sessions and tokens of both kinds, and those who are nobody. */
export async function makeEverybody(db: Db, [a, b]: readonly [string, string], now: number): Promise<Somebody[]> {
  const everybody: Somebody[] = [];
  const add = (
    name: string,
    zones: readonly string[] | null,
    browser: Browser,
    headers: Record<string, string> = {},
    known = true,
  ) =>
    everybody.push({
      ...{ name, zones, known },
      request: (path, init = {}) => browser.request(path, { ...init, headers: { ...init.headers, ...headers } }),
    });
  const person = (role: Role, zones: string[] | null) =>
    makeOperator(db, now, { role, zones, name: `${role} of ${zones ?? "all"}` });
  for (const [role, zones] of [
    ...roles.flatMap((role) => [[role, null] as const, [role, [a]] as const]),
    ["operator", [b]] as const,
    ["viewer", []] as const,
  ]) {
    const { email } = await person(role, zones && [...zones]);
    const browser = new Browser();
    await browser.signIn(email, TEST_PASSWORD);
    add(`${role} of ${zones ?? "all"}, in a session`, zones, browser, { origin: ORIGIN });
  }
  const maker = await makeOperator(db, now, { role: "administrator", name: "maker of tokens" });
  const owner = await makeOperator(db, now, { role: "operator", zones: [a], name: "owner of a token" });
  const token = async (from: typeof maker, input: { kind: string; name: string; role: Role; zones?: string[] }) => {
    const made = await createToken(from.ctx, parseTokenRequest({ ...input, expiresInDays: 1, key: input.name }));
    return { id: made.token.id, headers: { authorization: `Bearer ${made.secret}` } };
  };
  const stranger = new Browser();
  for (const [name, zones, made] of [
    ["a personal token for less", [a], await token(owner, { kind: "personal", name: "p1", role: "viewer" })],
    [
      "a personal token of an operator",
      [a],
      await token(owner, { kind: "personal", name: "p2", role: "operator", zones: [a, b].slice(0, 1) }),
    ],
    ["a personal token of an administrator", null, await token(maker, { kind: "personal", name: "p3", role: "administrator" })],
    ["a viewer's service token", [b], await token(maker, { kind: "service", name: "s1", role: "viewer", zones: [b] })],
    ["an operator's service token", [a], await token(maker, { kind: "service", name: "s2", role: "operator", zones: [a] })],
    ["an administrator's service token", null, await token(maker, { kind: "service", name: "s3", role: "administrator" })],
  ] as const)
    add(name, zones, stranger, made.headers);
  const revoked = await token(maker, { kind: "service", name: "s4", role: "administrator" });
  await revokeToken(maker.ctx, { tokenId: revoked.id });
  const expired = await token(maker, { kind: "service", name: "s5", role: "administrator" });
  await db.execute(sql`update token set expires_at = now() - interval '1 second' where id = ${expired.id}::uuid`);
  add("a stranger", [], stranger, { origin: ORIGIN }, false);
  add("a revoked token", [], stranger, revoked.headers, false);
  add("an expired token", [], stranger, expired.headers, false);
  add("a guessed token", [], stranger, { authorization: `Bearer acc_${"A".repeat(43)}` }, false);
  return everybody;
}
