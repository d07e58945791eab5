import { write } from "@/app/_server/write";
import { parseStep } from "@/lib/operations/input";
import { undoOperation } from "@/lib/operations/steps";

export const POST = write(parseStep, undoOperation);
