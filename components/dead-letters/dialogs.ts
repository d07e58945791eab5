"use client";
import { onDemand } from "@/components/ui/on-demand";

export const ActDialog = onDemand(() => import("./act-dialog").then((loaded) => loaded.ActDialog));
