/** Someone else holds the lease by now: what was read may not stand. */
export class Fenced extends Error {}

/** The source could not be read; its reason is the cause. */
export class SourceFailure extends Error {}

/** What keeps a source from being read, in words of its own that say what to change; without addresses and without anybody's data. */
export class SourceProblem extends Error {}

/** Waits for an answer of the source; what it throws is the source's failure, and nobody else's. */
export async function fromSource<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new SourceFailure("The source did not answer.", { cause });
  }
}
