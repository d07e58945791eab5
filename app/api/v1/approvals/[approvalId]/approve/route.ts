import { write } from "@/app/_server/write";
import { parseVote } from "@/lib/approvals/input";
import { approve } from "@/lib/decisions/service";

export const POST = write(parseVote, approve);
