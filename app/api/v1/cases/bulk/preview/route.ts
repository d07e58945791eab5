import { write } from "@/app/_server/write";
import { previewBulk } from "@/lib/cases/bulk";
import { parseBulkPreview } from "@/lib/cases/input";

export const POST = write(parseBulkPreview, previewBulk);
