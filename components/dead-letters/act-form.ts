"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { intentKey, Refused } from "@/components/fetch";
import { operationHref, operationName } from "@/components/operations/words";
import type { PreviewView } from "@/lib/dead-letters/views";
import { limits } from "@/lib/operations/rules";
import { counted } from "@/lib/words";
import { type Intent, requestAct } from "./actions";
import { type Act, actWord, type Selection } from "./words";

/** Reason, ticket and confirm: one intent has one key, however often it is sent. */
export function useActForm(act: Act, selection: Selection, data: PreviewView | undefined, ask: () => void, onClose: () => void) {
  const router = useRouter();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const [tried, setTried] = useState(false);
  const intent = useRef<{ body: string; key: string } | null>(null);
  const short = reason.trim().length < limits.reasonLengthMin;
  const mutation = useMutation({
    mutationFn: (body: Intent) => {
      // The same words are the same intent: a repeat after a lost answer has one effect.
      const text = JSON.stringify(body);
      if (intent.current?.body !== text) intent.current = { body: text, key: intentKey() };
      return requestAct(body, intent.current.key);
    },
    onSuccess: ({ operationId, itemsN, awaiting }) => {
      const what = `${actWord[act].done} of ${counted(itemsN, "message")} recorded as ${operationName(operationId)}`;
      toast(awaiting ? `${what}; it waits for a second person` : what);
      client.invalidateQueries({ queryKey: ["dead-letters"] });
      client.invalidateQueries({ queryKey: ["operations"] });
      router.push(operationHref(operationId));
      onClose();
    },
    onError: (error) => {
      if (error instanceof Refused && error.kind === "conflict") ask();
    },
  });
  const confirm = () => {
    setTried(true);
    if (short || !data || data.refusal !== null || data.messagesN === 0 || mutation.isPending) return;
    mutation.mutate({ act, selection: { ...selection, asOf: data.now }, reason: reason.trim(), ticket: ticket.trim() || null });
  };
  return {
    reason,
    setReason,
    ticket,
    setTicket,
    confirm,
    pending: mutation.isPending || mutation.isSuccess,
    refusal: mutation.error instanceof Refused ? mutation.error : null,
    reasonError:
      tried && short ? `Say what changed since the messages failed. At least ${limits.reasonLengthMin} characters.` : null,
  };
}
