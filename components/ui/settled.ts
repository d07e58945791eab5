"use client";
import { useEffect, useState } from "react";

/** A text as it is once nobody has typed for a moment: what is asked of the server while somebody types. */
export function useSettled(text: string, afterMs = 120): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), afterMs);
    return () => clearTimeout(timer);
  }, [text, afterMs]);
  return settled;
}
