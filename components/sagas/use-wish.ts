"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { toast } from "sonner";
import { intentKey, Refused } from "@/components/fetch";
import { momentText } from "@/components/ui/format";
import type { HoldView } from "@/lib/sagas/views";
import { type Asked, outcomeOf, requestRelease } from "./actions";

/** The sentence of a wish with its instants in the viewer's zone. */
const spoken = ({ sentence, now }: HoldView): string =>
  sentence.map((part) => (part.at === undefined ? part.text : momentText(part.at, now))).join("");

/** Asks for a hold or a release, waits until its sources have answered, and says what came of it. One intent has one key, however often it is sent. */
export function useWish<W>(send: (wish: W, key: string) => Promise<Asked>, then?: () => void) {
  const client = useQueryClient();
  const intent = useRef<{ body: string; key: string } | null>(null);
  const refresh = () => Promise.all([["sagas"], ["zones"]].map((queryKey) => client.invalidateQueries({ queryKey })));
  const undo = async (asked: Asked) => {
    try {
      toast(spoken(await outcomeOf(await requestRelease({ holdId: asked.holdId }, `undo-${asked.holdId}`))));
    } catch (error) {
      toast(error instanceof Error ? error.message : "The release could not be asked for.");
    }
    await refresh();
  };
  return useMutation({
    mutationFn: async (wish: W) => {
      // The same words are the same intent: a repeat after a lost answer has one effect.
      const body = JSON.stringify(wish);
      if (intent.current?.body !== body) intent.current = { body, key: intentKey() };
      const asked = await send(wish, intent.current.key);
      return { asked, view: await outcomeOf(asked) };
    },
    onSuccess: async ({ asked, view }) => {
      intent.current = null;
      toast(spoken(view), view.kind === "hold" ? { action: { label: "Undo", onClick: () => void undo(asked) } } : undefined);
      then?.();
      await refresh();
    },
    onError: (error) => {
      if (!(error instanceof Refused)) toast("The wish could not be sent.");
    },
  });
}
