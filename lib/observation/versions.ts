import type { Poll } from "../sources/observable";

type Version = { consumer: string; version: string };

/** The versions that the pages of one poll showed. */
export class SeenVersions {
  private readonly seen = new Map<string, Version>();

  constructor(private readonly service: string) {}

  /** Notes those of a page; answers whether one is among them that no page before showed. */
  add(poll: Poll): boolean {
    const before = this.seen.size;
    for (const row of poll.inbox) this.note(row.consumer, row.consumerVersion);
    for (const row of poll.deadLetters) this.note(row.consumer, row.consumerVersion);
    for (const row of poll.outbox) this.note(this.service, row.producerVersion);
    return this.seen.size > before;
  }

  all(): Version[] {
    return [...this.seen.values()];
  }

  private note(consumer: string, version: string | null | undefined): void {
    if (version) this.seen.set(`${consumer}\n${version}`, { consumer, version });
  }
}
