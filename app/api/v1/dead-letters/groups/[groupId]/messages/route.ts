import { read } from "@/app/_server/read";
import { parseMessagesPage } from "@/lib/dead-letters/input";
import { listMessages } from "@/lib/dead-letters/service";

export const GET = read(parseMessagesPage, listMessages);
