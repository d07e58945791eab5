import { read } from "@/app/_server/read";
import { parseApprovalId } from "@/lib/approvals/input";
import { readApproval } from "@/lib/approvals/service";

export const GET = read(parseApprovalId, readApproval);
