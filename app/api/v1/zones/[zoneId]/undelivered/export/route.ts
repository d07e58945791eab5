import { download } from "@/app/_server/download";
import { parseUndeliveredExport } from "@/lib/zones/input";
import { exportUndelivered } from "@/lib/zones/missed-export";

export const POST = download(parseUndeliveredExport, exportUndelivered);
