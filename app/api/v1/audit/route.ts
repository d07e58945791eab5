import { read } from "@/app/_server/read";
import { parseAuditFilter } from "@/lib/audit/input";
import { listAudit } from "@/lib/audit/service";

export const GET = read(parseAuditFilter, listAudit);
