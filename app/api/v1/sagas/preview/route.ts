import { write } from "@/app/_server/write";
import { previewHold } from "@/lib/sagas/holds";
import { parseHoldPreview } from "@/lib/sagas/input";

export const POST = write(parseHoldPreview, previewHold);
