import { write } from "@/app/_server/write";
import { requestHold } from "@/lib/sagas/holds";
import { parseHold } from "@/lib/sagas/input";

export const POST = write(parseHold, requestHold);
