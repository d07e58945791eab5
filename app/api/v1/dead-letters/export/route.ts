import { download } from "@/app/_server/download";
import { exportLetters } from "@/lib/dead-letters/export";
import { parseLetterExport } from "@/lib/dead-letters/input";

export const POST = download(parseLetterExport, exportLetters);
