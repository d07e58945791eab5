import { write } from "@/app/_server/write";
import { parseDiscard } from "@/lib/operations/input";
import { requestDiscard } from "@/lib/operations/service";

export const POST = write(parseDiscard, requestDiscard);
