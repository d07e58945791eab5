import { write } from "@/app/_server/write";
import { parseOperatorId } from "@/lib/operators/input";
import { removeFactorOf } from "@/lib/operators/second-factor/service";

export const POST = write(parseOperatorId, removeFactorOf);
