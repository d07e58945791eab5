"use client";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { liveClient } from "@/components/live/client";
import { Toaster } from "@/components/ui/toaster";

/** What every screen stands in: data, the URL as state, and short news. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(liveClient);
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>{children}</NuqsAdapter>
      <Toaster />
    </QueryClientProvider>
  );
}
