import { write } from "@/app/_server/write";
import { previewEdit } from "@/lib/operations/edit";
import { parsePreviewEdit } from "@/lib/operations/input";

export const POST = write(parsePreviewEdit, previewEdit);
