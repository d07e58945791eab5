import type { Db } from "../db/pool";
import { linkEntries, recordVerification, selectNow, selectStrays, walkLinks } from "./chain.sql";
import type { Verification } from "./rules";

const LINK_MAX = 1_000;
const WALK_MAX = 5_000;

/** Links what was written since the last time; for the worker's clock. Of several callers one links. */
export async function linkAudit(db: Db): Promise<void> {
  while ((await linkEntries(db, LINK_MAX)) === LINK_MAX);
}

/**
 * Walks the whole chain: every link must hold the hash (SHA-256) of the link before and of its entry as it stands, every entry must have a
 * link, and none may be dated far from when the database took it. What was found is kept, and given back.
 */
export async function verifyAudit(db: Db): Promise<Verification> {
  const at = await selectNow(db);
  const found: Verification = { at, entriesN: 0, head: null, brokenEntry: null, why: null };
  for (let page = await walkLinks(db, 1, WALK_MAX); page.n > 0; page = await walkLinks(db, found.entriesN + 1, WALK_MAX)) {
    found.entriesN += page.n;
    found.head = page.head;
    if (page.brokenEntry === null) continue;
    Object.assign(found, { brokenEntry: page.brokenEntry, why: "changed" });
    break;
  }
  const { unlinked, misdated } = await selectStrays(db);
  if (found.why === null && unlinked !== null) Object.assign(found, { brokenEntry: unlinked, why: "unlinked" });
  if (found.why === null && misdated !== null) Object.assign(found, { brokenEntry: misdated, why: "misdated" });
  await recordVerification(db, found);
  return found;
}
