import { isDeepStrictEqual } from "node:util";
import { type Names, namesOf } from "../dead-letters/naming";
import { fromSource } from "../sources/failures.rules";
import type { Poll } from "../sources/observable";
import type { Observed } from "../sources/observed";
import type { Held } from "../sources/sql";
import type { Instant } from "../time";
import { type Foreign, ownRows } from "./foreign";

/** A page of a source with what its letters are called, and between which times of the store's clock it was read. */
export type Page = { poll: Poll; foreign: Foreign; names: Names; before: Instant; after: Instant };

/** The pages of one poll of a source, which reads one page ahead: while the store takes a page, its source is asked for the next one. */
export class Pages {
  private ahead: { epoch: number; cursor: unknown; page: Promise<Page> } | null = null;

  constructor(
    private readonly observed: Observed,
    private readonly size: number,
  ) {}

  /** The page that follows a cursor of the store; the one that was read ahead, if the source is held and stands as it did then. */
  async next(held: Held, cursor: unknown): Promise<Page> {
    const { ahead } = this;
    if (ahead?.epoch === held.epoch && isDeepStrictEqual(ahead.cursor, cursor)) {
      this.ahead = null;
      return ahead.page;
    }
    await this.settled();
    return this.read(held, cursor);
  }

  /** Begins to read what follows a page that is about to be written. What goes wrong is told to whoever asks for it. */
  readAhead(held: Held, { poll }: Page): void {
    // As the store gives it back.
    const cursor: unknown = JSON.parse(JSON.stringify(poll.cursor));
    const page = this.read(held, cursor);
    page.catch(() => {});
    this.ahead = { epoch: held.epoch, cursor, page };
  }

  /** Waits until nothing is being read any more, and lets go of what was: two at once would ask a source. */
  async settled(): Promise<void> {
    const { ahead } = this;
    this.ahead = null;
    await ahead?.page.catch(() => {});
  }

  private async read(held: Held, cursor: unknown): Promise<Page> {
    const { sourceId, source, map } = this.observed;
    const before = held.now + (performance.now() - held.heldAt);
    const read = await fromSource(source.poll(cursor, this.size));
    const after = held.now + (performance.now() - held.heldAt);
    const { poll, foreign } = ownRows(sourceId, read, map);
    return { poll, foreign, names: await namesOf(sourceId, poll.deadLetters, map), before, after };
  }
}
