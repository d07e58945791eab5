import { write } from "@/app/_server/write";
import { parseSilence } from "@/lib/alerts/input";
import { addSilence } from "@/lib/alerts/service";

export const POST = write(parseSilence, addSilence);
