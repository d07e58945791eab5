import type { ContractMap } from "../contracts/map.rules";
import { payloadProblems } from "../contracts/payload-schema";
import type { Db } from "../db/pool";
import type { Redelivery, RedeliveryEdit } from "../sources/redeliverable";
import type { Chunk, Item } from "./dispatch.sql";
import type { Judging } from "./edit.rules";
import { selectItemEvents } from "./edit.sql";
import { editPayload } from "./edit-payload";
import { misfitWords } from "./edit-words";
import { type Patch, parsePatch } from "./patch.rules";
import { byOf, editedMessageId, requestOf } from "./request";

type Contracts = Pick<ContractMap, "maskingOf" | "payloadSchemasOf">;

/** What an edit of a message in these zones is held against: as the contracts are now, which may be stricter than when it was asked for. */
export const judgingOf = (map: Contracts, zones: readonly string[], eventType: string): Judging => ({
  masking: map.maskingOf(zones),
  problems: (payload) => map.payloadSchemasOf(zones, eventType).flatMap((schema) => payloadProblems(schema, payload)),
});

/** Items as their source is asked for them, each with what its operation changes in it. */
export async function requestsOf(
  db: Db,
  map: ContractMap,
  chunk: Pick<Chunk, "operationId" | "requestedByName" | "patch">,
  items: readonly Item[],
): Promise<Redelivery[]> {
  const { operationId, patch } = chunk;
  const by = byOf(chunk.requestedByName, operationId);
  const read = patch === null ? null : parsePatch(patch);
  if (read === null) return items.map((item) => requestOf(operationId, by, item));
  const events = await selectItemEvents(
    db,
    operationId,
    items.map(({ item }) => item),
  );
  const eventOf = new Map(events.map((event) => [event.item, event]));
  return items.map((item) => {
    const { zones, eventType } = eventOf.get(item.item)!;
    const edit = editOf(operationId, item.item, read.ok ? read.patch : [], judgingOf(map, zones, eventType));
    return requestOf(operationId, by, item, edit);
  });
}

const editOf = (operationId: number, item: number, patch: Patch, judging: Judging): RedeliveryEdit => ({
  messageId: editedMessageId(operationId, item),
  apply: (payload) => {
    const edited = editPayload(payload, patch, judging);
    if (!edited.ok) return { ok: false, why: misfitWords(edited.misfits[0]!) };
    return edited.changed ? edited : { ok: false, why: "the patch changes nothing in it." };
  },
});
