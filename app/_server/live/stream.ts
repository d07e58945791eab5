import type { Ending, LiveEvent, Topic } from "@/lib/live/rules";

export const limits = {
  /** Changes within this time are one message; a little is left to chance, so that screens do not all ask at the same instant. */
  gatherMs: 250,
  gatherMsLeast: 30,
  /** Longer when many look, for their sake: a process answers some 200 screens a second. */
  gatherMsEach: 5,
  heartbeatMs: 15_000,
  /** Messages that wait for a slow reader before it is let go. */
  waitingMax: 16,
  /** What a client that knows nothing better waits before it comes again. */
  retryMs: 2_000,
} as const;

const text = new TextEncoder();
const started = Date.now().toString(36);
let messages = 0;

/** One open screen: gathers what changed and says it in server-sent events, until either side ends it. */
export class LiveStream {
  readonly body: ReadableStream<Uint8Array>;
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  private readonly pending = new Set<Topic>();
  private gathering: ReturnType<typeof setTimeout> | null = null;
  private saidAt = 0;
  private ended = false;

  constructor(
    private readonly onEnd: () => void,
    private readonly othersN: () => number,
  ) {
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.controller = controller;
        },
        cancel: () => this.close(),
      },
      { highWaterMark: limits.waitingMax },
    );
    this.write(`retry: ${limits.retryMs}\n`);
    this.say({ event: "hello", data: null });
  }

  /** Notes a change, to be said within a moment together with others: however much happens, a few short messages a second. */
  tell(topic: Topic): void {
    this.pending.add(topic);
    if (this.gathering || this.ended) return;
    const gatherMs = Math.max(limits.gatherMs, this.othersN() * limits.gatherMsEach);
    const chance = limits.gatherMsLeast + Math.random() * (gatherMs - limits.gatherMsLeast);
    this.gathering = setTimeout(() => this.flush(), Math.max(chance, this.saidAt + gatherMs - Date.now()));
  }

  say({ event, data }: LiveEvent): void {
    this.write(`id: ${started}-${++messages}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Shows that the line stands, to the client and to whatever is between; an event, since a page does not hear comments. */
  heartbeat(): void {
    this.say({ event: "beat", data: null });
  }

  end(why: Ending): void {
    this.say({ event: "end", data: why });
    this.close();
  }

  private flush(): void {
    this.gathering = null;
    this.saidAt = Date.now();
    this.say({ event: "change", data: [...this.pending] });
    this.pending.clear();
  }

  private write(message: string): void {
    if (this.ended) return;
    // It has not taken the last sixteen: a client that stands still is dropped, and asks for everything when it is back.
    if ((this.controller.desiredSize ?? 0) <= 0) this.close();
    else this.controller.enqueue(text.encode(message));
  }

  private close(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.gathering) clearTimeout(this.gathering);
    try {
      this.controller.close();
    } catch {
      // The other side was first.
    }
    this.onEnd();
  }
}
