import { write } from "@/app/_server/write";
import { parseSavedRemoval } from "@/lib/dead-letters/input";
import { removeView } from "@/lib/dead-letters/saved";

export const POST = write(parseSavedRemoval, removeView);
