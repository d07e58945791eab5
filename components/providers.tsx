"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { Refused } from "@/components/fetch";
import { Toaster } from "@/components/ui/toast";
import { TooltipProvider } from "@/components/ui/tooltip";

// A refusal is an answer: asking again at once will not change it. A silence may.
const again = (failures: number, error: Error): boolean =>
  !(error instanceof Refused && error.kind !== "unreachable") && failures < 1;

/** What every screen stands in: data, the URL as state, hints and short news. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: 1_000, gcTime: 60_000, retry: again, refetchOnWindowFocus: true } },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <TooltipProvider>{children}</TooltipProvider>
      </NuqsAdapter>
      <Toaster />
    </QueryClientProvider>
  );
}
