import { read } from "@/app/_server/read";
import { parseNotifications } from "@/lib/notifications/input";
import { listNotifications } from "@/lib/notifications/reading";

export const GET = read(parseNotifications, listNotifications);
