import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { AuditScreen } from "@/components/audit/audit-screen";
import { auditNarrowing } from "@/components/audit/filter";
import { auditQuery } from "@/components/audit/queries";
import { parseAuditFilter } from "@/lib/audit/input";
import { listAudit } from "@/lib/audit/service";

export const metadata: Metadata = { title: "Audit log" };

type Props = { searchParams: Promise<{ q?: string | string[] }> };

export default async function AuditPage({ searchParams }: Props) {
  const { q } = await searchParams;
  const narrowing = auditNarrowing(typeof q === "string" ? q : "");
  const state = await hydrate([
    {
      queryKey: auditQuery(narrowing).queryKey,
      run: async (ctx) => ({ pages: [await listAudit(ctx, parseAuditFilter(narrowing))], pageParams: [null] }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <AuditScreen />
    </HydrationBoundary>
  );
}
