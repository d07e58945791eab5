import type { Metadata } from "next";
import { list, one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { AuditScreen } from "@/components/audit/audit-screen";
import { auditNarrowing } from "@/components/audit/filter";
import { auditQuery, namesQuery } from "@/components/audit/queries";
import { parseAuditFilter } from "@/lib/audit/input";
import { listAudit } from "@/lib/audit/service";
import { parseNothing } from "@/lib/operators/input";
import { listNames } from "@/lib/operators/service";

export const metadata: Metadata = { title: "Audit log" };

export default page((_, { q = "" }) => {
  const narrowing = auditNarrowing(q);
  return {
    needs: [list(auditQuery(narrowing), parseAuditFilter, listAudit, narrowing), one(namesQuery(), parseNothing, listNames, {})],
    screen: <AuditScreen />,
  };
});
