import { read } from "@/app/_server/read";
import { parseOperatorId } from "@/lib/operators/input";
import { listSessions } from "@/lib/operators/sessions/service";

export const GET = read(parseOperatorId, listSessions);
