"use client";
import { onDemand } from "@/components/ui/on-demand";

export const TriageDialog = onDemand(() => import("./triage-dialog").then((loaded) => loaded.TriageDialog));
export const ActDialog = onDemand(() => import("./act-dialog").then((loaded) => loaded.ActDialog));
export const MergeDialog = onDemand(() => import("./merge-dialog").then((loaded) => loaded.MergeDialog));
export const SplitDialog = onDemand(() => import("./split-dialog").then((loaded) => loaded.SplitDialog));
