import { read } from "@/app/_server/read";
import { parseOperationId } from "@/lib/operations/input";
import { readOperation } from "@/lib/operations/reading";

export const GET = read(parseOperationId, readOperation);
