import { write } from "@/app/_server/write";
import { parseRetryFailed } from "@/lib/operations/input";
import { retryFailed } from "@/lib/operations/service";

export const POST = write(parseRetryFailed, retryFailed);
