import { linked } from "@/app/_server/linked";
import { parseLink } from "@/lib/notifications/input";
import { readReaderLink } from "@/lib/notifications/leaving";

export const POST = linked(parseLink, readReaderLink);
