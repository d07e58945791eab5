import { download } from "@/app/_server/download";
import { exportAudit } from "@/lib/audit/export";
import { parseAuditExport } from "@/lib/audit/input";

export const POST = download(parseAuditExport, exportAudit);
