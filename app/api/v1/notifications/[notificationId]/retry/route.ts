import { write } from "@/app/_server/write";
import { parseNotificationRetry } from "@/lib/notifications/input";
import { retryNotification } from "@/lib/notifications/service";

export const POST = write(parseNotificationRetry, retryNotification);
