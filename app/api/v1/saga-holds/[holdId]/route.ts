import { read } from "@/app/_server/read";
import { readHold } from "@/lib/sagas/holds";
import { parseHoldId } from "@/lib/sagas/input";

export const GET = read(parseHoldId, readHold);
