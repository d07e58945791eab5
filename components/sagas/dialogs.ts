"use client";
import { onDemand } from "@/components/ui/on-demand";

export const HoldDialog = onDemand(() => import("./hold-dialog").then((loaded) => loaded.HoldDialog));
export const ReleaseDialog = onDemand(() => import("./release-dialog").then((loaded) => loaded.ReleaseDialog));
