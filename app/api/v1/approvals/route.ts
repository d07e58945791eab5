import { read } from "@/app/_server/read";
import { parseApprovalsPage } from "@/lib/approvals/input";
import { listApprovals } from "@/lib/approvals/service";

export const GET = read(parseApprovalsPage, listApprovals);
