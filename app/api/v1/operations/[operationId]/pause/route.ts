import { write } from "@/app/_server/write";
import { parseStep } from "@/lib/operations/input";
import { pauseOperation } from "@/lib/operations/steps";

export const POST = write(parseStep, pauseOperation);
