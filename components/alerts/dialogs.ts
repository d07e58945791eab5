"use client";
import { onDemand } from "@/components/ui/on-demand";

export const SilenceDialog = onDemand(() => import("./silence-dialog").then((loaded) => loaded.SilenceDialog));
