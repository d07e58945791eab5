import { write } from "@/app/_server/write";
import { parseVote } from "@/lib/approvals/input";
import { withdraw } from "@/lib/decisions/service";

export const POST = write(parseVote, withdraw);
