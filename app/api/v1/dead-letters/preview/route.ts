import { write } from "@/app/_server/write";
import { parsePreview } from "@/lib/operations/input";
import { preview } from "@/lib/operations/preview";

export const POST = write(parsePreview, preview);
