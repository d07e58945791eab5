import { gapMs } from "../../components/live/refresh-interval";

/** What a screen showed from when on; times are this process's. */
export type Shown = { at: number; n: number };

/** How often a screen's query is worth asking, in ms; that of the lists of zones and of dead letters. */
const OWN_MS = 2_000;

/**
 * An open screen without a browser: it follows the stream and asks for what it shows, at the interval of a tab. It never asks by the
 * clock, so that an event that is lost shows.
 */
export class Screen {
  readonly shown: Shown[] = [];
  /** Every change that it was told of. */
  readonly heard: { at: number; topics: string }[] = [];
  endedAt: number | null = null;
  asks = true;
  private readonly ending = new AbortController();
  private answeredAt = 0;
  private state: "idle" | "asking" | "waiting" = "idle";
  private again = false;

  constructor(
    private readonly url: string,
    private readonly cookie: string,
    private readonly noun: string,
    private readonly path: string,
    private readonly numberIn: (value: never) => number,
  ) {}

  /** Opens the stream, and answers when it stands. */
  async open(): Promise<void> {
    const response = await this.fetch("/api/v1/events");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const stands = await reader.read();
    if (!stands.value?.includes("retry:")) throw new Error(`The stream began with ${stands.value}.`);
    void this.follow(reader).catch(() => {});
  }

  close(): void {
    this.ending.abort();
  }

  private async follow(reader: ReadableStreamDefaultReader<string>): Promise<void> {
    try {
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const whole = text.split("\n\n");
        text = whole.pop()!;
        for (const message of whole) if (message.includes("event: change")) this.changed(message.split("data: ")[1]!);
      }
    } finally {
      this.endedAt = performance.now();
    }
  }

  hears(topic: string, since: number): number | undefined {
    return this.heard.find(({ at, topics }) => at > since && topics.includes(`"${topic}"`))?.at;
  }

  private changed(topics: string): void {
    this.heard.push({ at: performance.now(), topics });
    if (!this.asks || !topics.includes(`"${this.noun}"`)) return;
    if (this.state === "idle") void this.ask();
    else this.again = true;
  }

  private async ask(): Promise<void> {
    this.state = "waiting";
    const waitMs = this.answeredAt + gapMs(OWN_MS) - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.state = "asking";
    this.again = false;
    try {
      const { value } = (await (await this.fetch(this.path)).json()) as { value: never };
      this.answeredAt = performance.now();
      const n = this.numberIn(value);
      if (n !== this.shown.at(-1)?.n) this.shown.push({ at: this.answeredAt, n });
    } catch {
      // The process ends.
    }
    this.state = "idle";
    if (this.again && this.endedAt === null) void this.ask();
  }

  private async fetch(path: string): Promise<Response> {
    const response = await fetch(this.url + path, { headers: { cookie: this.cookie }, signal: this.ending.signal });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}

/** How long each of the moments took to be seen: the one at index i shows once the number is above `before` + i. */
export const delays = (moments: readonly number[], shown: readonly Shown[], before: number): number[] =>
  moments.map((at, i) => (shown.find((one) => one.n > before + i)?.at ?? Number.POSITIVE_INFINITY) - at);
