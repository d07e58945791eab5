import { write } from "@/app/_server/write";
import { parseOperatorChange } from "@/lib/operators/input";
import { changeOperator } from "@/lib/operators/service";

export const POST = write(parseOperatorChange, changeOperator);
