import { write } from "@/app/_server/write";
import { parseTokenId } from "@/lib/tokens/input";
import { revokeToken } from "@/lib/tokens/service";

export const POST = write(parseTokenId, revokeToken);
