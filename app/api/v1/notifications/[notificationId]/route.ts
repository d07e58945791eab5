import { read } from "@/app/_server/read";
import { parseNotificationId } from "@/lib/notifications/input";
import { readNotification } from "@/lib/notifications/reading";

export const GET = read(parseNotificationId, readNotification);
