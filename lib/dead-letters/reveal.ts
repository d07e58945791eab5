import { auditedOnce, permitted } from "../audited";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { parseJson } from "../json";
import { isReached } from "../masking";
import { Refusal } from "../refusal";
import { seconds } from "../time";
import { visibleGroup } from "./group-rows";
import { askSource } from "./looks";
import { maskOf, shownValue } from "./masked-letter.rules";
import { type StoredBody, type StoredMessage, selectMessage } from "./messages.sql";
import type { PayloadRequest, RevealRequest } from "./rules";
import type { PayloadView } from "./views";

/** What was revealed is shown for this long. */
export const REVEAL_MS = seconds(60);

type Body = Pick<StoredBody, "payload" | "headers" | "payloadBytes" | "payloadRemovedAt" | "payloadRemovedUnder">;

/** A payload that is larger than Accord keeps, or that it keeps no longer, as its source has it now: masked like any other. */
export async function readPayload(ctx: Ctx, { id }: PayloadRequest): Promise<PayloadView> {
  const { stored, group, contracts } = await found(ctx, id);
  const body = await bodyOf(ctx, stored, group.consumer);
  const { paths, mask } = maskOf(
    body,
    contracts.flatMap((contract) => contract.masking),
  );
  const masked = paths.length > 0;
  return {
    now: ctx.now,
    payload: shownValue(mask.payload, masked),
    headers: shownValue(mask.headers(body.headers === null ? null : parseJson(body.headers)), masked),
    payloadBytes: body.payloadBytes,
    hideAt: null,
  };
}

/**
 * A payload as it is, for a reason and a minute. The audit has who, why, which message and which of its paths, and never a value; it is written before
 * anything is read. The same key again gives the same minute.
 */
export async function revealPayload(ctx: Ctx, request: RevealRequest): Promise<PayloadView> {
  const { id, reason } = request;
  const targetOf = ({ zones }: { zones: string[] }) => ({ kind: "dead_letter" as const, id: String(id), zones });
  const { value, repeated } = await auditedOnce(ctx, "dead_letter.reveal", request, async () => {
    const { stored, group, contracts } = await found(ctx, id);
    return {
      target: targetOf(group),
      change: async () => ({ at: ctx.now }),
      entry: { reason, detail: { messageId: stored.messageId, key: stored.businessKey, paths: pathsIn(stored, contracts) } },
    };
  });
  const hideAt = value.at + REVEAL_MS;
  if (ctx.now >= hideAt) throw new Refusal("conflict", "It was revealed for 60 s, and these are over. Ask again, with a reason.");
  const { stored, group } = await found(ctx, id);
  // A repeat is not asked whether it may: a token of the same person, or who may not any more, could send it.
  if (repeated) await permitted(ctx, "dead_letter.reveal", targetOf(group));
  const body = await bodyOf(ctx, stored, group.consumer);
  const { mask } = maskOf({ ...body, payloadRemovedAt: null }, []);
  return {
    now: ctx.now,
    payload: shownValue(mask.payload, false),
    headers: shownValue(body.headers === null ? null : parseJson(body.headers), false),
    payloadBytes: body.payloadBytes,
    hideAt,
  };
}

async function found(ctx: Ctx, id: number) {
  const stored = await selectMessage(ctx.db, id);
  if (!stored) throw new Refusal("not_found", "There is no such message parked, or it is not in your zones.");
  const group = await visibleGroup(ctx, stored.groupId);
  const contracts = (await readContracts(ctx.db)).filter(({ zoneId }) => group.zones.includes(zoneId));
  return { stored, group, contracts };
}

/** What the store has, else what the source has at this moment. */
async function bodyOf(ctx: Ctx, stored: StoredMessage & StoredBody, consumer: string): Promise<Body> {
  if (stored.payload !== null) return stored;
  const read = await askSource(ctx.db, { ...stored, consumer });
  if (read.problem !== null) throw new Refusal("unavailable", read.problem);
  return {
    ...{ payload: read.payload, headers: read.headers ?? stored.headers, payloadBytes: read.payloadBytes ?? 0 },
    ...{ payloadRemovedAt: null, payloadRemovedUnder: null },
  };
}

/** Which masked paths lead to something; all of them where nobody can tell without the payload. */
function pathsIn({ payload }: StoredBody, contracts: readonly Contract[]): string[] {
  const paths = [...new Set(contracts.flatMap(({ masking }) => masking))];
  if (payload === null) return paths;
  const value = parseJson(payload);
  return paths.filter((path) => isReached(value, path));
}
