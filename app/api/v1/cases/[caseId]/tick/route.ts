import { write } from "@/app/_server/write";
import { parseTick } from "@/lib/cases/input";
import { tickCase } from "@/lib/cases/service";

export const POST = write(parseTick, tickCase);
