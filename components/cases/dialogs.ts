"use client";
import { onDemand } from "@/components/ui/on-demand";

export const CaseBulkDialog = onDemand(() => import("./bulk-dialog").then((loaded) => loaded.CaseBulkDialog));
export const OpenCaseDialog = onDemand(() => import("./open-case-dialog").then((loaded) => loaded.OpenCaseDialog));
