/** A short piece of news, and what may be done about it. */
export type Toast = { id: number; text: string; action?: { label: string; onClick: () => void } };

// More at once would cover what they tell of.
const TOASTS_MAX = 3;

const listeners = new Set<() => void>();
let shown: readonly Toast[] = [];
let last = 0;

const show = (next: readonly Toast[]) => {
  shown = next;
  for (const listener of listeners) listener();
};

/** Tells something in short at the bottom of the screen, whatever screen that is by then. */
export const toast = (text: string, more: Pick<Toast, "action"> = {}): void =>
  show([...shown, { id: ++last, text, ...more }].slice(-TOASTS_MAX));

/** What is told at present; for the one place that shows it. */
export const toasts = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  read: (): readonly Toast[] => shown,
  drop: (id: number): void => show(shown.filter((each) => each.id !== id)),
};
