"use client";
import { onDemand } from "@/components/ui/on-demand";
import type { Selection, Wish } from "./words";

export const TriageDialog = onDemand(() => import("./triage-dialog").then((loaded) => loaded.TriageDialog));
export const MergeDialog = onDemand(() => import("./merge-dialog").then((loaded) => loaded.MergeDialog));
export const SplitDialog = onDemand(() => import("./split-dialog").then((loaded) => loaded.SplitDialog));
export const RevealDialog = onDemand(() => import("./reveal-dialog").then((loaded) => loaded.RevealDialog));
const RetryDialog = onDemand(() => import("./act-dialog").then((loaded) => loaded.ActDialog));
const EditDialog = onDemand(() => import("./edit-dialog").then((loaded) => loaded.EditDialog));
export const CloseDialog = onDemand(() => import("./close-dialog").then((loaded) => loaded.CloseDialog));

/** What an act would do, and the way to ask for it. */
export function ActDialog({ act, ...of }: { act: Wish; selection: Selection; onClose: () => void }) {
  if (act === "edit") return <EditDialog {...of} />;
  return act === "retry" ? <RetryDialog {...of} /> : <CloseDialog first={act} {...of} />;
}
