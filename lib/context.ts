import type { Db } from "./db/pool";
import { Refusal } from "./refusal";
import type { Instant } from "./time";

export const roles = ["viewer", "operator", "approver", "administrator"] as const;
export type Role = (typeof roles)[number];

/** The token that speaks for somebody in place of a session. */
export type TokenRef = { id: string; name: string };

/** A person, in a session or by one of their tokens. */
export type Person = {
  kind: "operator";
  operatorId: string;
  name: string;
  email: string;
  role: Role;
  zones: string[] | null;
  /** Null when a token speaks. */
  sessionId: string | null;
  token?: TokenRef | undefined;
  /** Signed in with a password that somebody else has seen: nothing is open to them but choosing their own. */
  mustChangePassword?: true | undefined;
  /** Signed in by password alone where that is not enough: nothing is open to them but setting up a second factor. */
  mustSetSecondFactor?: true | undefined;
};

/** A script with a name, role and zones of its own. */
export type Service = { kind: "service"; name: string; role: Role; zones: string[] | null; token: TokenRef };

/** Whoever holds a link that Accord signed and sent: nobody knows who that is, and it opens one act in these zones. */
export type LinkHolder = { kind: "link"; linkId: string; name: string; opens: string; zones: string[] };

/** Who acts. `zones` null means every zone, now and later; a list limits reads and writes alike. */
export type Actor = Person | Service | LinkHolder | { kind: "worker"; workerId: string };

/** Whose acts these are: the same person by whatever session or token, or one token, one link, or one worker. */
export function actorId(actor: Actor): string {
  if (actor.kind === "operator") return actor.operatorId;
  if (actor.kind === "link") return actor.linkId;
  return actor.kind === "service" ? actor.token.id : actor.workerId;
}

/** What every verb is given: the store, who asks, and the time of asking. */
export type Ctx = { db: Db; actor: Actor; now: Instant };

/** Who asks for something that a person or a service with a token may ask for, and no worker does. */
export type Caller = Person | Service;

export function callerOf({ actor }: Ctx): Caller {
  if (actor.kind === "worker" || actor.kind === "link")
    throw new Refusal("forbidden", "Only a person or a service may ask for this.");
  return actor;
}
