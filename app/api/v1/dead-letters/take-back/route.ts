import { write } from "@/app/_server/write";
import { parseTakeBack } from "@/lib/operations/input";
import { requestTakeBack } from "@/lib/operations/take-back";

export const POST = write(parseTakeBack, requestTakeBack);
