import { actorId } from "@/lib/context";
import type { WebCtx } from "./context";

type Verb<I, O> = (ctx: WebCtx, input: I) => Promise<O>;

/**
 * A verb whose answer depends on nothing of who asks but role and zones, so that one answer serves all who ask alike. However many
 * screens do so at once, it runs once at a time: who comes while it runs is given the next run, since no answer may be older than its question.
 * `personal`: questions whose answer depends on who asks all the same; they are shared with nobody else.
 */
export function shared<I, O>(verb: Verb<I, O>, personal: (input: I) => boolean = () => false): Verb<I, O> {
  const lines = new Map<string, { run: Promise<O>; next: Promise<O> | null }>();
  return (ctx, input) => {
    const { kind, role, zones } = ctx.actor;
    const key = JSON.stringify([kind, role, zones, input, personal(input) ? actorId(ctx.actor) : null]);
    const begin = (): Promise<O> => {
      const line = { run: verb({ ...ctx, now: Date.now() }, input), next: null };
      lines.set(key, line);
      const over = () => void (line.next ?? lines.delete(key));
      line.run.then(over, over);
      return line.run;
    };
    const line = lines.get(key);
    if (!line) return begin();
    line.next ??= line.run.then(begin, begin);
    return line.next;
  };
}
