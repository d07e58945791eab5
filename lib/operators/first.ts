import type { Db } from "../db/pool";
import { ONE_USE } from "./command";
import { ensureFirstAdministrator } from "./service";
import { oidcConfigFrom } from "./sign-in/input";
import { countKeyHolders } from "./sql";

type Env = Record<string, string | undefined>;

/**
 * What `npm start` says about the first administrator of a store, one line each: makes the one that ACCORD_ADMIN_EMAIL names and gives the
 * password, this once; says how one comes to be where nobody is named; nothing where there is one.
 */
export async function firstAdministrator(db: Db, env: Env): Promise<string[]> {
  if ((await countKeyHolders(db, null)) > 0) return [];
  if (env.ACCORD_ADMIN_EMAIL) {
    const made = await ensureFirstAdministrator(db, { email: env.ACCORD_ADMIN_EMAIL });
    return made === null
      ? []
      : [`The first administrator is ${made.email}. Password, shown this once: ${made.password}`, ONE_USE];
  }
  const provider = oidcConfigFrom(env);
  const values = Object.entries(provider?.roleMap ?? {}).flatMap(([value, role]) => (role === "administrator" ? [value] : []));
  const claimed =
    provider?.roleClaim && values.length > 0
      ? `sign in through ${provider.name} as somebody whose claim ${provider.roleClaim} holds ${values.join(" or ")}; or `
      : "";
  return [
    `Nobody is an administrator yet: ${claimed}set ACCORD_ADMIN_EMAIL and start again, or run npm run operator -- add you@example.com --role administrator.`,
  ];
}
