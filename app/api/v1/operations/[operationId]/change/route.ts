import { write } from "@/app/_server/write";
import { parseChange } from "@/lib/operations/input";
import { changeOperation } from "@/lib/operations/steps";

export const POST = write(parseChange, changeOperation);
