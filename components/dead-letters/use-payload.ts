"use client";
import { useEffect, useState } from "react";
import type { MessageView, PayloadView } from "@/lib/dead-letters/views";
import { askPayload } from "./payload-actions";

/** What of a message is shown: as its page has it, as it was loaded beside it, or revealed until its minute is over. Kept here and nowhere else. */
export function usePayload(view: MessageView) {
  const { id } = view.message;
  const [got, setGot] = useState<{ id: string; view: PayloadView } | null>(null);
  const [loading, setLoading] = useState<string | null>(null);
  const [failed, setFailed] = useState<{ id: string; why: string } | null>(null);
  const other = got?.id === id ? got.view : null;
  const hideAt = other?.hideAt ?? null;
  // By how long the server gave, whatever the clock of this browser says.
  const forMs = hideAt === null || other === null ? null : hideAt - other.now;
  useEffect(() => {
    if (hideAt === null || forMs === null) return;
    const timer = setTimeout(() => setGot(null), Math.max(0, forMs));
    return () => clearTimeout(timer);
  }, [hideAt, forMs]);
  const load = async () => {
    setLoading(id);
    setFailed(null);
    try {
      setGot({ id, view: await askPayload(id) });
    } catch (error) {
      setFailed({ id, why: error instanceof Error ? error.message : String(error) });
    }
    setLoading(null);
  };
  return {
    shown: other ?? view,
    revealedUntil: hideAt,
    loading: loading === id,
    failed: failed?.id === id ? failed.why : null,
    load,
    reveal: (revealed: PayloadView) => setGot({ id, view: revealed }),
    hide: () => setGot(null),
  };
}
