import { write } from "@/app/_server/write";
import { parseRejoin } from "@/lib/notifications/input";
import { rejoinDigests } from "@/lib/notifications/leaving";

export const POST = write(parseRejoin, rejoinDigests);
