import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { maskOf } from "../dead-letters/masked-letter.rules";
import { withinDepth } from "../masking";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { durationWords, seconds } from "../time";
import { meant } from "./chosen";
import { EDITED_MAX } from "./edit.rules";
import { type Editable, selectEditable, selectEditedItems, selectPatch } from "./edit.sql";
import { editPayload } from "./edit-payload";
import { shownEdit, shownPatch } from "./edit-shown";
import { patchWords } from "./edit-words";
import { judgingOf } from "./edited";
import type { EditInput, Selection } from "./input";
import { readVisible } from "./known";
import { type Patch, parsePatch } from "./patch.rules";
import { preview } from "./preview";
import { editedMessageId } from "./request";
import type { EditedView, EditPreviewView, EditSample, EditView } from "./views";

const PAGE = 200;
const MISFITS_SHOWN = 50;
const SAMPLES = 5;
// On an operation's page, where more are a press away.
const SHOWN = 2;
// Of samples together: what nobody reads to its end is not sent.
const SAMPLE_CHARS_MAX = 200_000;

type Worked = Pick<EditView, "changeN" | "sameN" | "misfitN" | "unseenN" | "misfits" | "samples" | "schema"> & {
  /** The messages that it changes. */
  ids: number[];
  first: (Editable & { payload: string }) | null;
};

const mapOf = (contracts: readonly Contract[]) => contractMap(contracts, []);

// What an edit may take of a process that answers others meanwhile, and without a rest. Carried out it takes as long, with letters locked in their source.
const SPENT_MS_MAX = seconds(10);
const AT_ONCE_MS = 20;

function restsOf(spentMsMax: number): () => Promise<void> {
  const begun = performance.now();
  let rested = begun;
  return async () => {
    const now = performance.now();
    if (now - begun > spentMsMax)
      throw new Refusal(
        "unavailable",
        `This edit was given up after ${durationWords(spentMsMax)}: its messages are too many or too large for it. Narrow what you select.`,
      );
    if (now - rested < AT_ONCE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    rested = performance.now();
  };
}

/** Works an edit out for everything free of a selection, a message at a time, so that the process answers others in between. */
export async function workOut(
  db: Db,
  selection: Selection,
  patch: Patch,
  contracts: readonly Contract[],
  spentMsMax: number = SPENT_MS_MAX,
): Promise<Worked> {
  const map = mapOf(contracts);
  const rest = restsOf(spentMsMax);
  const worked: Worked = {
    ...{ changeN: 0, sameN: 0, misfitN: 0, unseenN: 0, misfits: [], samples: [], ids: [], first: null, schema: false },
  };
  let charsN = 0;
  for (let after = 0; ; ) {
    const page = await selectEditable(db, selection, after, PAGE);
    for (const { payload, ...letter } of page) {
      await rest();
      // Too large to keep, or kept no longer: what nobody can see nobody edits.
      if (payload === null) {
        worked.unseenN++;
        continue;
      }
      worked.first ??= { ...letter, payload };
      const judging = judgingOf(map, letter.zones, letter.eventType);
      worked.schema ||= map.payloadSchemasOf(letter.zones, letter.eventType).length > 0;
      const edited = editPayload(payload, patch, judging);
      const named = { id: String(letter.id), messageId: letter.messageId, businessKey: letter.businessKey };
      if (!edited.ok) {
        worked.misfitN++;
        if (worked.misfits.length < MISFITS_SHOWN) worked.misfits.push({ ...named, misfits: edited.misfits });
      } else if (!edited.changed) worked.sameN++;
      else {
        worked.changeN++;
        worked.ids.push(letter.id);
        const sample = worked.samples.length < SAMPLES ? shownEdit(payload, patch, judging.masking) : null;
        charsN += sample ? sample.before.length + sample.after.length : 0;
        if (sample && charsN <= SAMPLE_CHARS_MAX) worked.samples.push({ ...named, ...sample });
      }
    }
    if (worked.changeN + worked.sameN + worked.misfitN > EDITED_MAX) throw tooMany();
    if (page.length < PAGE) return worked;
    after = page.at(-1)!.id;
  }
}

const tooMany = () =>
  new Refusal("invalid", `One edit is of at most ${EDITED_MAX.toLocaleString("en-US")} messages. Narrow what you select.`);

/** What an edit would make of each message of a selection, and what a retry of them would do. Changes nothing. */
export async function previewEdit(ctx: Ctx, { patch: text, ...asked }: Selection & { patch: string }): Promise<EditPreviewView> {
  const view = await preview(ctx, { ...asked, act: "edit" });
  if (view.messagesN > EDITED_MAX) throw tooMany();
  const selection = { ...(await meant(ctx, asked)), scope: zoneFilter(ctx.actor) };
  const read = parsePatch(text);
  const contracts = await readContracts(ctx.db);
  const { ids: _, first, ...edit } = await workOut(ctx.db, selection, read.ok ? read.patch : [], contracts);
  return {
    ...view,
    edit: {
      ...edit,
      ...(!read.ok && { changeN: 0, samples: [], misfitN: 0, misfits: [] }),
      problem: read.ok ? null : patchWords(read.problem),
      first: first && {
        id: String(first.id),
        businessKey: first.businessKey,
        payload: withinDepth(
          maskOf({ ...first, payloadRemovedUnder: null }, mapOf(contracts).maskingOf(first.zones)).mask.payload,
        ),
      },
    },
  };
}

/** The patch of a request, or a refusal that says what of it is none. */
export function patchOf(request: Pick<EditInput, "patch">): Patch {
  const read = parsePatch(request.patch);
  if (!read.ok) throw new Refusal("invalid", patchWords(read.problem), { field: "patch" });
  if (read.patch.length === 0) throw new Refusal("invalid", "The patch changes nothing.", { field: "patch" });
  return read.patch;
}

/** What an operation changed in its messages, from an item on: before and after, masked as the messages are. */
export async function readEdited(
  ctx: Ctx,
  { operationId, item = 1 }: { operationId: number; item?: number | undefined },
): Promise<EditedView> {
  const { zones: touched } = await readVisible(ctx, operationId);
  const patch = await selectPatch(ctx.db, operationId);
  if (patch === null) throw new Refusal("not_found", `OP-${operationId} sends its messages as they are: nothing was edited.`);
  const read = parsePatch(patch);
  const map = mapOf(await readContracts(ctx.db));
  const stored = await selectEditedItems(ctx.db, operationId, zoneFilter(ctx.actor), item, SHOWN + 1);
  const samples = stored.slice(0, SHOWN).map(({ item: place, payload, zones, eventType, ...named }) => {
    const { masking } = judgingOf(map, zones, eventType);
    const edited = payload === null || !read.ok ? null : editPayload(payload, read.patch, { masking, problems: () => [] });
    const texts: Pick<EditSample, "before" | "after"> | null =
      edited?.ok && read.ok ? shownEdit(payload!, read.patch, masking) : null;
    return { item: place, ...named, editedMessageId: editedMessageId(operationId, place), texts };
  });
  return {
    now: ctx.now,
    patch: shownPatch(patch, map.maskingOf(touched)),
    samples,
    after: stored.length > SHOWN ? String(stored[SHOWN - 1]!.item + 1) : null,
  };
}
