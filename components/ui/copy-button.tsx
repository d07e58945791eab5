"use client";
import { useState } from "react";
import { IconButton } from "./button";
import { toast } from "./toast";

/** Copies a text and says so; says why not where the browser refuses. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    } catch {
      toast("This browser does not let Accord copy here. Select the text instead.");
    }
  };
  return <IconButton name={copied ? "check" : "copy"} size={14} label={copied ? "Copied" : label} onClick={copy} />;
}
