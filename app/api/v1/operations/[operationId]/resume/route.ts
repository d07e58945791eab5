import { write } from "@/app/_server/write";
import { parseStep } from "@/lib/operations/input";
import { resumeOperation } from "@/lib/operations/steps";

export const POST = write(parseStep, resumeOperation);
