import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { Person } from "@/lib/context";

/** Who looks, and at which environment. */
export type Me = { actor: Person; environment: string };

export const meQuery = () =>
  queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => getJson<Me>("/api/v1/me", signal),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
