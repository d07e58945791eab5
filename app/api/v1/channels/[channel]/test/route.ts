import { write } from "@/app/_server/write";
import { parseChannelTest } from "@/lib/notifications/input";
import { testChannel } from "@/lib/notifications/service";

export const POST = write(parseChannelTest, testChannel);
