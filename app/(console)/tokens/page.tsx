import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { tokensQuery } from "@/components/tokens/queries";
import { TokensScreen } from "@/components/tokens/tokens-screen";
import { parseNothing } from "@/lib/operators/input";
import { readTokens } from "@/lib/operators/tokens";

export const metadata: Metadata = { title: "Tokens" };

export default page(() => ({ needs: [one(tokensQuery(), parseNothing, readTokens, {})], screen: <TokensScreen /> }));
