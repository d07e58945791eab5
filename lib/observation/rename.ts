import { contractMap } from "../contracts/map.rules";
import { readApplied, readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { maskingHash, shownFailure } from "../dead-letters/failure.rules";
import { FINGERPRINT_VERSION, fingerprintOf } from "../dead-letters/fingerprint.rules";
import { nameOrShape, shapeWords } from "../masking";
import { markNames, type Named, type Names, replaceInTexts, selectGroupZones, selectNamedOtherwise } from "./rename.sql";

// Each comes with a payload of up to 128 kB.
const STEP_MAX = 50;

/** What a worker remembers between two turns: under which configuration all groups are named. */
export type NamedSoFar = { contentHash: string | null };

/**
 * Names groups anew after masking changed, in bounded steps: title, template and cause are made of a letter of theirs without what is masked now, and so
 * are the scopes of operations and the facts of cases that quote them. Without a change of the configuration it does nothing.
 */
export async function renameGroups(db: Db, soFar: NamedSoFar): Promise<number> {
  const applied = await readApplied(db);
  if (!applied || applied.contentHash === soFar.contentHash) return 0;
  const map = contractMap(await readContracts(db), []);
  let named = 0;
  for (const zones of await selectGroupZones(db)) {
    const paths = map.maskingOf(zones);
    const namedUnder = maskingHash(paths);
    for (let step = STEP_MAX; step === STEP_MAX; ) {
      const groups = await selectNamedOtherwise(db, zones, namedUnder, STEP_MAX);
      await db.transaction(async (tx) => {
        for (const group of groups) await rename(tx, group, namesOf(group, paths, namedUnder));
      });
      step = groups.length;
      named += step;
    }
  }
  soFar.contentHash = applied.contentHash;
  return named;
}

async function rename(tx: Db, before: Named, after: Names): Promise<void> {
  await markNames(tx, after);
  if (before.errorType === after.errorType && before.template === after.template) return;
  await replaceInTexts(tx, before.groupId, before, after);
}

function namesOf(group: Named, paths: readonly string[], namedUnder: string): Names {
  const { groupId, errorType, template, cause, frame, fingerprint } = group;
  const stays = { groupId, errorType, template, cause, frame, fingerprint, namedUnder };
  if (group.errorMessage === null) return paths.length === 0 ? stays : { ...stays, ...withoutLetter(group) };
  const { mask, ...failure } = shownFailure(group.payload, paths, {
    errorType,
    errorMessage: group.errorMessage,
    errorStack: group.errorStack ?? "",
  });
  const found = fingerprintOf({ ...group, ...failure }, mask);
  // What an older way of grouping formed gets no new messages, and keeps its mark.
  const same = group.fingerprintVersion === FINGERPRINT_VERSION;
  return { ...stays, ...found, errorType: failure.errorType, fingerprint: same ? found.fingerprint : fingerprint };
}

// Nobody can tell any more which of its words came from a payload.
const withoutLetter = ({ errorType, template, cause }: Named): Pick<Names, "errorType" | "template" | "cause"> => ({
  errorType: nameOrShape(errorType),
  template: shapeOf(template),
  cause: cause && shapeOf(cause),
});

const shapeOf = (text: string): string => (text === "" || /^\[[^\]]*\]$/.test(text) ? text : `[${shapeWords(text)}]`);
