import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseNothing, parseOwnTokenRequest } from "@/lib/operators/input";
import { makeToken, readTokens } from "@/lib/operators/tokens";

export const GET = read(parseNothing, readTokens);
export const POST = write(parseOwnTokenRequest, makeToken);
