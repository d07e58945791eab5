import { read } from "@/app/_server/read";
import { parseMessageId } from "@/lib/dead-letters/input";
import { readMessage } from "@/lib/dead-letters/service";

export const GET = read(parseMessageId, readMessage);
