import { write } from "@/app/_server/write";
import { parseResolve } from "@/lib/cases/input";
import { resolveCase } from "@/lib/cases/service";

export const POST = write(parseResolve, resolveCase);
