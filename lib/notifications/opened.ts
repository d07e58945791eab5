import { denialKey, type Target } from "../audit/rules";
import { insertDenial } from "../audit/sql";
import { type LinkPurpose, readLink, type SignedLink } from "../channels/link.rules";
import type { Person } from "../context";
import type { Db } from "../db/pool";
import type { Action } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { linkWords } from "./link-words";

/** Who opens a link: somebody who is signed in, or anybody; `from` is the address that they come from. */
export type Opening = { db: Db; now: Instant; person: Person | null; key: Buffer; from: string };

/** What a link says, or a Refusal that is written down. */
export async function signedBy(opening: Opening, purpose: LinkPurpose, action: Action, text: string): Promise<SignedLink> {
  const said = readLink(opening.key, purpose, text);
  return said ?? (await refuseStranger(opening, action, new Refusal("invalid", linkWords.unknown)));
}

/** Refuses a link of which nobody knows for whom it speaks, and writes the attempt down; never with the link. */
export async function refuseStranger({ db, now, from }: Opening, action: Action, refusal: Refusal): Promise<never> {
  const target: Target = { kind: "link", id: "of nothing that is known", zones: [] };
  const entryKey = denialKey(`stranger:${from}`, action, target, now);
  const detail = { why: refusal.message, ip: from };
  await insertDenial(db, { at: now, actor: { kind: "stranger" }, action, target, result: "denied", detail, entryKey });
  throw refusal;
}
