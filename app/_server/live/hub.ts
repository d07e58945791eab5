import { type Listener, listen } from "@/lib/db/listen";
import { isTopic, LIVE_CHANNEL, type Topic } from "@/lib/live/rules";
import { Refusal } from "@/lib/refusal";
import { stopping } from "../closing";
import { log } from "../log";
import { LiveStream, limits as streamLimits } from "./stream";

export const limits = {
  streamsMax: 1_000,
  /**
   * A browser opens six connections to one address without HTTP/2, for all its tabs together: more streams than this would leave
   * none for the screens themselves. Tabs out of sight hold no stream.
   */
  perSessionMax: 4,
  /** How soon a stream notices that its session was revoked. */
  checkEveryMs: 30_000,
  /** A lost connection is usually back sooner, and nobody needs to hear of it. */
  quietAfterMs: 2_000,
  /** How often somebody looks for what nobody tells of. */
  silenceEveryMs: 2_000,
} as const;

/** Who is asked what is silent now, and what screens are told when that has become something else. */
export type Silence = { now: () => Promise<string>; tells: readonly Topic[] };

type Member = { session: string; stream: LiveStream };

/** All open screens of this process, fed by one connection to the store, whatever their number. */
export class LiveHub {
  private readonly members = new Set<Member>();
  private readonly silenceTimer: ReturnType<typeof setInterval>;
  private silent = "";
  private looking = false;
  /** So that it is told once more: a screen may be answered by another process, whose clock is a little behind. */
  private toldLately = false;
  private listener: Listener | null = null;
  private listening = false;
  private missed = false;
  private quietTimer: ReturnType<typeof setTimeout> | null = null;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly silence: Silence,
    private readonly bounds: { streamsMax: number; perSessionMax: number; checkEveryMs: number; silenceEveryMs: number } = limits,
  ) {
    this.silenceTimer = setInterval(() => void this.lookForSilence(), this.bounds.silenceEveryMs);
  }

  get streamsN(): number {
    return this.members.size;
  }

  /** Opens a stream for a session. `stillValid` is asked from time to time; `after` says that the client had one before and missed something. */
  open(
    session: string,
    { stillValid, after }: { stillValid: () => Promise<boolean>; after: boolean },
  ): ReadableStream<Uint8Array> {
    if (this.closed) throw stopping();
    if (this.members.size >= this.bounds.streamsMax)
      throw new Refusal(
        "unavailable",
        `This Accord process already feeds ${this.members.size.toLocaleString("en-US")} open screens. Screens ask by the clock meanwhile.`,
      );
    this.listener ??= this.listen();
    const timers: ReturnType<typeof setInterval>[] = [];
    const stream = new LiveStream(
      () => {
        for (const timer of timers) clearInterval(timer);
        this.members.delete(member);
      },
      () => this.members.size,
    );
    const member: Member = { session, stream };
    this.members.add(member);
    timers.push(
      setInterval(() => stream.heartbeat(), streamLimits.heartbeatMs),
      setInterval(() => void this.check(stream, stillValid), this.bounds.checkEveryMs),
    );
    if (after) stream.say({ event: "all", data: null });
    if (!this.listening && this.missed) stream.say({ event: "quiet", data: null });
    this.makeRoom(session);
    return stream.body;
  }

  /** Ends every stream at once, and the connection: an open one would keep the server from ending. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.quietTimer) clearTimeout(this.quietTimer);
    clearInterval(this.silenceTimer);
    for (const { stream } of this.members) stream.end("closing");
    await this.listener?.close();
  }

  private makeRoom(session: string): void {
    const own = [...this.members].filter((member) => member.session === session);
    for (const oldest of own.slice(0, Math.max(0, own.length - this.bounds.perSessionMax))) oldest.stream.end("replaced");
  }

  private async check(stream: LiveStream, stillValid: () => Promise<boolean>): Promise<void> {
    // A store that does not answer says nothing about the session.
    if (!(await stillValid().catch(() => true))) stream.end("signed out");
  }

  /** One look for all screens, instead of each of them asking before its looks are too old. A store that does not answer says nothing. */
  private async lookForSilence(): Promise<void> {
    if (this.looking) return;
    this.looking = this.members.size > 0;
    const silent = this.looking ? await this.silence.now().catch(() => this.silent) : "";
    this.looking = false;
    const other = silent !== this.silent;
    if (other || this.toldLately) for (const topic of this.silence.tells) this.tell(topic);
    this.toldLately = other;
    // What was silent when the last screen went may be seen, and silent again, when the next one comes.
    this.silent = this.members.size === 0 ? "" : silent;
  }

  private tell(topic: Topic): void {
    for (const { stream } of this.members) stream.tell(topic);
  }

  private listen(): Listener {
    return listen(this.url, LIVE_CHANNEL, "accord web live", {
      onTold: (topic) => {
        if (isTopic(topic)) this.tell(topic);
      },
      onUp: () => {
        this.listening = true;
        if (this.quietTimer) clearTimeout(this.quietTimer);
        this.quietTimer = null;
        if (this.missed) this.sayToAll("all");
        this.missed = false;
      },
      onDown: (error) => {
        log.warn({ fault: error }, "the connection for live updates is lost; it is opened again");
        this.listening = false;
        this.missed = true;
        this.quietTimer ??= setTimeout(() => this.sayToAll("quiet"), limits.quietAfterMs);
      },
    });
  }

  private sayToAll(event: "all" | "quiet"): void {
    for (const { stream } of this.members) stream.say({ event, data: null });
  }
}
