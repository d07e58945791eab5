import type { SourceFacts } from "../../source";
import { inTransaction, poolOf } from "../postgres/connection";
import { type Asked, captureFacts, comparedFacts, orError } from "../postgres/facts";
import { selectConnectionFacts } from "../postgres/facts.sql";
import { selectTableFacts } from "./facts.sql";
import type { NativeOptions } from "./native";
import { pollPage } from "./poll";

const PAGE = 100;

/** What a source with the native tables tells of itself, asked on connections of its own that are closed again. */
export async function nativeFacts(
  { url, actUrl, schema, act }: NativeOptions,
  { relations, isCaptured }: Asked,
): Promise<SourceFacts> {
  const observer = poolOf(url, "accord check");
  const actor = act ? poolOf(actUrl, "accord check") : null;
  const tablesOf = (pool: typeof observer, side: "observer" | "actor") =>
    inTransaction(pool, "begin read only", (client) => selectTableFacts(client, schema, side));
  try {
    return {
      observer: await orError(selectConnectionFacts(observer)),
      actor: actor && (await orError(selectConnectionFacts(actor))),
      observerTables: await orError(tablesOf(observer, "observer")),
      actorTables: actor && (await orError(tablesOf(actor, "actor"))),
      compared: await orError(comparedFacts(observer, relations)),
      capture: await orError(captureFacts(observer, isCaptured)),
      poll: await orError(
        inTransaction(observer, "begin isolation level repeatable read read only", async (client) => {
          const startedAt = performance.now();
          await pollPage(client, schema, null, PAGE);
          return { ms: performance.now() - startedAt };
        }),
      ),
    };
  } finally {
    await Promise.all([observer.end(), actor?.end()]);
  }
}
