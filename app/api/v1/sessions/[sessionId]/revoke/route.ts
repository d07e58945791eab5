import { write } from "@/app/_server/write";
import { parseSessionId } from "@/lib/operators/input";
import { revokeSession } from "@/lib/operators/sessions/service";

export const POST = write(parseSessionId, revokeSession);
