"use client";
import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { keptChoice } from "@/components/ui/kept";
import { isTopic, type Topic } from "@/lib/live/rules";
import { ownMsOf } from "./own-interval";
import { gapMs, type Line, limits, refreshIntervals, retryMs } from "./refresh-interval";

/** How this browser wants its screens refreshed. */
export const refreshInterval = keptChoice("accord-refresh", refreshIntervals, "live");

/** What is known of this tab's stream; times are the browser's. */
export type TabState = {
  line: Line;
  tries: number;
  lostAt: number | null;
  nextTryAt: number | null;
  why: "degraded" | "replaced" | null;
};

const resting: TabState = { line: "resting", tries: 0, lostAt: null, nextTryAt: null, why: null };
let state = resting;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const tabState = (): TabState => state;
export const useTab = (): TabState => useSyncExternalStore(subscribe, tabState, () => resting);

// The sidebar's numbers come with the list of zones, and a contract is a row of it: nothing of a zone itself may have changed.
const inListOfZones: readonly Topic[] = ["cases", "alerts", "dead-letters", "contracts"];

let tab: Tab | null = null;

/** Follows what the server tells, for as long as this tab is in sight. One stream a tab, however many screens stand in it. */
export function follow(client: QueryClient): () => void {
  const opened = new Tab(client);
  tab = opened;
  return () => {
    opened.close();
    tab = null;
  };
}

/** Opens the stream now instead of at its next try. */
export const tryNow = (): void => tab?.open();
/** Asks for everything on the screen once. */
export const refreshNow = (): void => tab?.askAll();

class Tab {
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly endings: (() => void)[];

  constructor(private readonly client: QueryClient) {
    const seen = () => this.settle();
    document.addEventListener("visibilitychange", seen);
    // What the browser keeps for "back" must not keep a stream.
    window.addEventListener("pagehide", seen);
    window.addEventListener("pageshow", seen);
    const unsubscribe = refreshInterval.subscribe(seen);
    this.endings = [
      () => document.removeEventListener("visibilitychange", seen),
      () => window.removeEventListener("pagehide", seen),
      () => window.removeEventListener("pageshow", seen),
      unsubscribe,
    ];
    this.settle();
  }

  close(): void {
    for (const end of this.endings) end();
    this.rest();
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }

  /** Opens the stream if it is wanted, and lets go of it otherwise. */
  private settle(): void {
    if (refreshInterval.read() !== "live" || document.visibilityState === "hidden") this.rest();
    else if (!this.source) this.open();
  }

  open(): void {
    this.drop();
    const source = new EventSource("/api/v1/events");
    this.source = source;
    this.set({ ...state, line: state.lostAt === null ? "opening" : "lost", nextTryAt: null });
    this.expectHeartbeat();
    const on = (event: string, act: (data: unknown) => void) =>
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        this.expectHeartbeat();
        act(JSON.parse(data));
      });
    on("hello", () => this.stands());
    on("all", () => this.stands());
    on("beat", () => {});
    on("change", (topics) => this.changed(topics as string[]));
    on("quiet", () => this.set({ ...resting, line: "degraded", why: "degraded" }));
    on("end", (why) => (why === "replaced" ? this.replaced() : this.lost()));
    source.onerror = () => this.lost();
  }

  /** Asks every query on the screen that is worth asking more than once. */
  askAll(): void {
    for (const query of this.client.getQueryCache().findAll({ type: "active" })) this.ask(query);
  }

  // What happened between the page's data and the stream's first word was told to nobody.
  private stands(): void {
    this.set({ ...resting, line: "standing" });
    this.askAll();
  }

  private changed(topics: string[]): void {
    for (const topic of topics.filter(isTopic)) {
      // What is not on the screen is asked when it is.
      this.client.invalidateQueries({ queryKey: [topic], refetchType: "none" });
      this.askActive([topic]);
      if (inListOfZones.includes(topic)) this.askActive(["zones", "list"]);
    }
  }

  private askActive(queryKey: QueryKey): void {
    for (const query of this.client.getQueryCache().findAll({ queryKey, type: "active" })) this.ask(query);
  }

  /** An answer that is on its way may have been written before the event: it is waited for, and then asked again. */
  private ask(query: Query<unknown, Error, unknown, QueryKey>): void {
    const ownMs = ownMsOf(query);
    if (ownMs === null || this.waiting.has(query.queryHash)) return;
    const waitMs = query.state.fetchStatus === "fetching" ? 100 : query.state.dataUpdatedAt + gapMs(ownMs) - Date.now();
    if (waitMs <= 0) void query.fetch().catch(() => {});
    else
      this.waiting.set(
        query.queryHash,
        setTimeout(() => {
          this.waiting.delete(query.queryHash);
          if (query.isActive() && document.visibilityState === "visible") this.ask(query);
        }, waitMs),
      );
  }

  private lost(): void {
    this.drop();
    const tries = state.tries + 1;
    const waitMs = retryMs(tries - 1, Math.random());
    this.retry = setTimeout(() => this.open(), waitMs);
    this.set({ line: "lost", tries, lostAt: state.lostAt ?? Date.now(), nextTryAt: Date.now() + waitMs, why: null });
  }

  private replaced(): void {
    this.drop();
    this.set({ ...resting, line: "degraded", why: "replaced" });
  }

  private rest(): void {
    this.drop();
    this.set(resting);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    this.source?.close();
    this.source = null;
  }

  private expectHeartbeat(): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.lost(), limits.deadAfterMs);
  }

  private set(next: TabState): void {
    state = next;
    for (const listener of listeners) listener();
    // Queries count their time from the interval that holds now, not from the one that held at their last answer.
    for (const query of this.client.getQueryCache().findAll({ type: "active" }))
      for (const observer of query.observers) observer.setOptions(observer.options);
  }
}
