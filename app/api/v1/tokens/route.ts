import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseNothing } from "@/lib/operators/input";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken, listTokens } from "@/lib/tokens/service";

export const GET = read(parseNothing, listTokens);
export const POST = write(parseTokenRequest, createToken);
