import { write } from "@/app/_server/write";
import { actOnCases } from "@/lib/cases/bulk";
import { parseBulk } from "@/lib/cases/input";

export const POST = write(parseBulk, actOnCases);
