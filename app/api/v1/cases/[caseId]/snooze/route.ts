import { write } from "@/app/_server/write";
import { parseSnooze } from "@/lib/cases/input";
import { snoozeCase } from "@/lib/cases/service";

export const POST = write(parseSnooze, snoozeCase);
