"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { findQuery } from "@/components/timeline/queries";
import { namedBy } from "./filter";

/** Goes to the message, key, correlation or group that a word names; false where it names none, or nobody can be asked. */
export function useJump(): (word: string) => Promise<boolean> {
  const client = useQueryClient();
  const router = useRouter();
  return async (word) => {
    try {
      const href = namedBy(word, (await client.fetchQuery(findQuery(word))).hits);
      if (href !== null) router.push(href);
      return href !== null;
    } catch {
      return false;
    }
  };
}
