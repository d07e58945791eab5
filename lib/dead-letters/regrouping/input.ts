import { z } from "zod";
import { isVisible, NOT_VISIBLE, type Parser, parserOf, requestKey } from "../../parsing";
import { Refusal } from "../../refusal";
import { printPayloadPath, readPayloadPath } from "../payload-path.rules";
import { regroupLimits, type SplitRule } from "./rules";

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const part = z.string().trim().min(1, "says nothing").max(regroupLimits.textMost).refine(isVisible, NOT_VISIBLE).nullish();
const request = { groupId: id, key: requestKey };

/** Groups that are merged into one; that one is in the address. */
export const parseMerge = parserOf(
  z.object({ ...request, groups: z.array(id).min(1, "names no group").max(regroupLimits.groupsMost) }).strict(),
  ({ groups, ...one }) => ({ ...one, groups: [...new Set(groups)].sort((a, b) => a - b) }),
);

const rule = { says: part, version: part, businessKey: part, path: part, value: part };

/** `says` is a part of the error message, `businessKey` the beginning of one, `path` and `value` what a payload holds; all that is given must hold. */
export const parseSplit = parserOf(z.object({ ...request, ...rule }).strict(), ({ groupId, key, ...asked }) => ({
  groupId,
  key,
  rule: ruleOf(asked),
}));
/** The same, asked before anything is split. */
export const parseSplitPreview = parserOf(z.object({ groupId: id, ...rule }).strict(), ({ groupId, ...asked }) => ({
  groupId,
  rule: ruleOf(asked),
}));

function ruleOf(asked: { [K in keyof typeof rule]?: string | null | undefined }): SplitRule {
  const { says = null, version = null, businessKey = null, path = null, value = null } = asked;
  if (says === null && version === null && businessKey === null && path === null)
    throw new Refusal("invalid", "Say which messages are split off: by what they say, their version, key or payload.", {
      field: "says",
    });
  if ((path === null) !== (value === null))
    throw new Refusal("invalid", "value: a payload is asked for by a path and a value.", {
      field: path === null ? "path" : "value",
    });
  const read = path === null ? null : readPayloadPath(path.replace(/^payload/, ""));
  if (path !== null && read === null)
    throw new Refusal("invalid", "path: is no path into a payload, such as payload.customer.id.", { field: "path" });
  return { says, version, key: businessKey, path: read && printPayloadPath(read), value };
}

export const parseUndoRegroup = parserOf(z.object({ ...request, routeId: id }).strict());

type Of<P> = P extends Parser<infer I> ? I : never;
export type MergeInput = Of<typeof parseMerge>;
export type SplitInput = Of<typeof parseSplit>;
export type SplitPreviewInput = Of<typeof parseSplitPreview>;
export type UndoRegroupInput = Of<typeof parseUndoRegroup>;
