import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { openCase } from "@/lib/cases/by-hand";
import { parseCases, parseOpen } from "@/lib/cases/input";
import { listCases } from "@/lib/cases/reading";

export const GET = read(parseCases, listCases);
export const POST = write(parseOpen, openCase);
