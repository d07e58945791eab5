import { fileRead } from "@/app/_server/download";
import { parseReport } from "@/lib/objectives/input";
import { exportReport } from "@/lib/objectives/report";

export const GET = fileRead(parseReport, exportReport);
