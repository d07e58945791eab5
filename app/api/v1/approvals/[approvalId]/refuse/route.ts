import { write } from "@/app/_server/write";
import { parseRefusal } from "@/lib/approvals/input";
import { refuse } from "@/lib/decisions/service";

export const POST = write(parseRefusal, refuse);
