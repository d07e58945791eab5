import { openLog } from "@/lib/log";

/** The web process's log. */
export const log = openLog("web");
