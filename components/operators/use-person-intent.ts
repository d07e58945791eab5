"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { toast } from "@/components/ui/toast";

/** A change of somebody's: the screens of people ask again, and a notice says what was done; null says nothing. */
export function usePersonIntent<W, T>(send: (request: W, key: string) => Promise<T>, done: (value: T) => string | null) {
  const client = useQueryClient();
  return useIntent(send, {
    onSuccess: (value) => {
      const said = done(value);
      if (said !== null) toast(said);
      return client.invalidateQueries({ queryKey: ["people"] });
    },
  });
}
