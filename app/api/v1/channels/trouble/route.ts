import { read } from "@/app/_server/read";
import { parseChannels } from "@/lib/notifications/input";
import { readChannelTrouble } from "@/lib/notifications/reading";

export const GET = read(parseChannels, readChannelTrouble);
