"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "@/components/ui/toast";
import { counted } from "@/lib/words";
import { operationHref, operationName } from "./words";

type Recorded = { operationId: string; itemsN: number; awaiting?: boolean };

/** What follows once an operation is recorded: it is said, lists are asked again, and its page opens. `done` is how one says it: `Retry`, `Discard`. */
export function useRecorded(onRecorded: () => void) {
  const router = useRouter();
  const client = useQueryClient();
  return (done: string, { operationId, itemsN, awaiting }: Recorded): void => {
    const what = `${done} of ${counted(itemsN, "message")} recorded as ${operationName(operationId)}`;
    toast(awaiting ? `${what}; it waits for a second person` : what);
    client.invalidateQueries({ queryKey: ["dead-letters"] });
    client.invalidateQueries({ queryKey: ["operations"] });
    router.push(operationHref(operationId));
    onRecorded();
  };
}
