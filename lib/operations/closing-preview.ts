import type { Db } from "../db/pool";
import type { Closing } from "../dead-letters/codes.rules";
import type { ClosingPreview } from "../dead-letters/views";
import { selectSources } from "../sources/read.sql";
import { settles } from "../sources/settles.rules";
import { sum } from "./chosen";
import { countBehind } from "./closing.sql";
import type { Selection } from "./rules";
import type { Selected } from "./sql";

/** What closing a selection means beyond its messages: who goes on waiting, whose tables are written, and where there is no way back. */
export async function closingPreview(
  db: Db,
  kind: Closing,
  selection: Selection,
  chosen: readonly Selected[],
): Promise<ClosingPreview> {
  const concerned = (await selectSources(db)).filter(({ sourceId }) => chosen.some((group) => group.sourceId === sourceId));
  const servicesOf = (of: typeof concerned) => [...new Set(of.map(({ service }) => service))].sort();
  const isNamed = selection.messages.length > 0 && selection.groups.length === 0 && !selection.queries;
  return {
    goneN: isNamed ? Math.max(0, selection.messages.length - sum(chosen.map(({ openN }) => openN))) : 0,
    behindN: chosen.length === 0 ? 0 : await countBehind(db, selection),
    written: servicesOf(concerned.filter((source) => kind === "discard" || settles(source))),
    alone: servicesOf(concerned.filter((source) => kind === "resolve" && !settles(source))),
    final: servicesOf(concerned.filter((source) => kind === "discard" && !settles(source))),
  };
}
