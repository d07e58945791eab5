import { read } from "@/app/_server/read";
import { parseReport } from "@/lib/objectives/input";
import { readReport } from "@/lib/objectives/report";

export const GET = read(parseReport, readReport);
