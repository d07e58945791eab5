import { read } from "@/app/_server/read";
import { parseCaseId } from "@/lib/cases/input";
import { readCase } from "@/lib/cases/reading";

export const GET = read(parseCaseId, readCase);
