import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseOperatorChange, parseOperatorId } from "@/lib/operators/input";
import { changeOperator, readOperator } from "@/lib/operators/service";

export const GET = read(parseOperatorId, readOperator);
export const POST = write(parseOperatorChange, changeOperator);
