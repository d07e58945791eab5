import { write } from "@/app/_server/write";
import { requestRelease } from "@/lib/sagas/holds";
import { parseRelease } from "@/lib/sagas/input";

export const POST = write(parseRelease, requestRelease);
