import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseCases, parseOpen } from "@/lib/cases/input";
import { listCases } from "@/lib/cases/reading";
import { openCase } from "@/lib/cases/service";

export const GET = read(parseCases, listCases);
export const POST = write(parseOpen, openCase);
