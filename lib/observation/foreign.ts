import type { ContractMap } from "../contracts/map.rules";
import type { Poll } from "../sources/observable";

/** What stands under consumers of other sources. */
export type Foreign = { consumers: string[]; letters: { sourceDeadLetterId: string; state: null }[] };

/**
 * A page without what stands under a consumer of another source: a letter or a held message there would count against that source's zones,
 * and an act on it would be asked of the wrong database. Whose consumers those are is said at the source; a letter that was taken before
 * the consumer was given to another source is let go.
 */
export function ownRows(sourceId: string, poll: Poll, map: ContractMap): { poll: Poll; foreign: Foreign } {
  const isOwn = ({ consumer }: { consumer: string }) => (map.ownerOf(consumer) ?? sourceId) === sourceId;
  const letters = poll.deadLetters.filter((row) => !isOwn(row));
  const consumers = [...letters, ...poll.held.filter((row) => !isOwn(row))].map(({ consumer }) => consumer);
  return {
    poll: { ...poll, deadLetters: poll.deadLetters.filter(isOwn), held: poll.held.filter(isOwn) },
    foreign: {
      consumers: [...new Set(consumers)],
      letters: letters.map(({ sourceDeadLetterId }) => ({ sourceDeadLetterId, state: null })),
    },
  };
}
