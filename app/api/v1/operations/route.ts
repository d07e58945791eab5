import { read } from "@/app/_server/read";
import { parseOperationsPage } from "@/lib/operations/input";
import { listOperations } from "@/lib/operations/reading";

export const GET = read(parseOperationsPage, listOperations);
