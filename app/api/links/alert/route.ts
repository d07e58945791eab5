import { linked } from "@/app/_server/linked";
import { parseLink } from "@/lib/notifications/input";
import { readAlertLink } from "@/lib/notifications/links";

export const POST = linked(parseLink, readAlertLink);
