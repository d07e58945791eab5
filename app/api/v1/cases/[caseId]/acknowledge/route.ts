import { write } from "@/app/_server/write";
import { parseCaseStep } from "@/lib/cases/input";
import { acknowledgeCase } from "@/lib/cases/service";

export const POST = write(parseCaseStep, acknowledgeCase);
