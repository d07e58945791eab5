"use client";
import { onDemand } from "@/components/ui/on-demand";

export const RangeDialog = onDemand(() => import("./range-dialog").then((loaded) => loaded.RangeDialog));
