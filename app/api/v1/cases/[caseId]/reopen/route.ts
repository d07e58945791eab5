import { write } from "@/app/_server/write";
import { parseReopen } from "@/lib/cases/input";
import { reopenCase } from "@/lib/cases/service";

export const POST = write(parseReopen, reopenCase);
