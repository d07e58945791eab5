import { postJson } from "@/components/fetch";
import type { TokenRequest } from "@/lib/tokens/input";
import type { MadeToken } from "@/lib/tokens/views";

export type NewToken = Omit<TokenRequest, "key"> & { password?: string };

/** Makes a token; the answer holds its secret this once. `password`: the present one, of who has one. */
export const requestToken = (request: NewToken, key: string): Promise<MadeToken> =>
  postJson<MadeToken>("/api/v1/tokens", request, key);

/** Ends a token. */
export const requestRevocation = (tokenId: string, key: string): Promise<{ ended: boolean }> =>
  postJson(`/api/v1/tokens/${encodeURIComponent(tokenId)}/revoke`, {}, key);
