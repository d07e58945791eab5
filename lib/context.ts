import type { Db } from "./db/pool";
import type { Instant } from "./time";

export const roles = ["viewer", "operator", "approver", "administrator"] as const;
export type Role = (typeof roles)[number];

/** Who acts. `zones` null means every zone, now and later; a list limits reads and writes alike. */
export type Actor =
  | { kind: "operator"; operatorId: string; name: string; email: string; role: Role; zones: string[] | null; sessionId: string }
  | { kind: "worker"; workerId: string };

/** What every verb is given: the store, who asks, and the time of asking. */
export type Ctx = { db: Db; actor: Actor; now: Instant };
