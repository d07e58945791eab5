import { write } from "@/app/_server/write";
import { parseOperatorId } from "@/lib/operators/input";
import { resetPassword } from "@/lib/operators/service";

export const POST = write(parseOperatorId, resetPassword);
