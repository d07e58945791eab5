import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseInvitation, parseNothing } from "@/lib/operators/input";
import { inviteOperator, listOperators } from "@/lib/operators/service";

export const GET = read(parseNothing, listOperators);
export const POST = write(parseInvitation, inviteOperator);
