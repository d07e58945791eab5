import { read } from "@/app/_server/read";
import { parseMessageId } from "@/lib/dead-letters/input";
import { readPayload } from "@/lib/dead-letters/reveal";

export const GET = read(parseMessageId, readPayload);
