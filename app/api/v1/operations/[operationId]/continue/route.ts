import { write } from "@/app/_server/write";
import { parseStep } from "@/lib/operations/input";
import { continueOperation } from "@/lib/operations/steps";

export const POST = write(parseStep, continueOperation);
