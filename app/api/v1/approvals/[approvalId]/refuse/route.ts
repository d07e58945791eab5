import { write } from "@/app/_server/write";
import { parseVote } from "@/lib/approvals/input";
import { refuse } from "@/lib/decisions/service";

export const POST = write(parseVote, refuse);
