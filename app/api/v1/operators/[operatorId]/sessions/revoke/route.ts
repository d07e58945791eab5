import { write } from "@/app/_server/write";
import { parseOperatorId } from "@/lib/operators/input";
import { revokeSessionsOf } from "@/lib/operators/sessions/service";

export const POST = write(parseOperatorId, revokeSessionsOf);
