"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { toast } from "@/components/ui/toast";
import { requestRegroup } from "./regroup-actions";

/** Merges, splits, or undoes either, and tells what was refused. */
export function useRegroup() {
  const client = useQueryClient();
  return useIntent(requestRegroup, {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["dead-letters"] }),
  });
}
