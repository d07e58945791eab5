"use client";

type News = { text: string; action?: { label: string; onClick: () => void } };

const unsaid: News[] = [];
const listeners = new Set<() => void>();
let deliver: ((news: News) => void) | null = null;
let wanted = false;

/** Says short news, with something to do about it where there is; what shows it comes with the first. */
export function toast(text: string, { action }: Pick<News, "action"> = {}): void {
  const news = { text, ...(action && { action }) };
  if (deliver) deliver(news);
  else unsaid.push(news);
  wanted = true;
  for (const tell of listeners) tell();
}

/** Gives what was said, and what will be, to who shows it. */
export function deliverTo(to: (news: News) => void): () => void {
  deliver = to;
  for (const news of unsaid.splice(0)) to(news);
  return () => {
    deliver = null;
  };
}

/** Whether anything was said on this page, as a store of React's. */
export const isWanted = {
  subscribe: (tell: () => void) => {
    listeners.add(tell);
    return () => void listeners.delete(tell);
  },
  get: () => wanted,
};
export type { News };
