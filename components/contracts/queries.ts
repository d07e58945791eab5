import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { Contract, Problem } from "@/lib/contracts/rules";
import type { Instant } from "@/lib/time";

/** A contract with its text and how it came to be; as `GET /api/v1/zones/:zoneId/contract` answers. */
export type ContractTab = {
  now: Instant;
  zoneId: string;
  title: string;
  revision: number;
  retiredAt: Instant | null;
  warnings: Problem[];
  contract: Contract;
  yaml: string;
  revisions: { revision: number; contentHash: string; appliedAt: Instant; appliedBy: string }[];
  /** Revision null: the zone was retired. */
  applications: { revision: number | null; at: Instant; workerId: string }[];
};

export const contractQuery = (zoneId: string) =>
  queryOptions({
    queryKey: ["contracts", "one", zoneId],
    queryFn: ({ signal }) => getJson<ContractTab>(`/api/v1/zones/${encodeURIComponent(zoneId)}/contract`, signal),
    refetchInterval: 15_000,
    refetchIntervalInBackground: false,
  });
