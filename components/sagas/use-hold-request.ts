"use client";
import { useQueryClient } from "@tanstack/react-query";
import { Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { momentText } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import type { HoldView } from "@/lib/sagas/views";
import { type Asked, outcomeOf, requestRelease } from "./actions";

/** The sentence of an outcome with its instants in the viewer's zone. */
const spoken = ({ sentence, now }: HoldView): string =>
  sentence.map((part) => (part.at === undefined ? part.text : momentText(part.at, now))).join("");

/** Asks for a hold or a release, waits until its sources have answered, and says what came of it. */
export function useHoldRequest<W>(send: (request: W, key: string) => Promise<Asked>, then?: () => void) {
  const client = useQueryClient();
  const refresh = () => Promise.all([["sagas"], ["zones"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  const undo = async (asked: Asked) => {
    try {
      toast(spoken(await outcomeOf(await requestRelease({ holdId: asked.holdId }, `undo-${asked.holdId}`))));
    } catch (error) {
      toast(error instanceof Error ? error.message : "The release could not be asked for.");
    }
    await refresh();
  };
  const ask = async (request: W, key: string) => {
    const asked = await send(request, key);
    return { asked, view: await outcomeOf(asked) };
  };
  return useIntent(ask, {
    onSuccess: async ({ asked, view }) => {
      toast(spoken(view), view.kind === "hold" ? { action: { label: "Undo", onClick: () => void undo(asked) } } : undefined);
      then?.();
      await refresh();
    },
    onError: (error) => {
      if (!(error instanceof Refused)) toast("The request could not be sent.");
    },
  });
}
