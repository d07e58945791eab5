import { attempted, permitted } from "../audited";
import type { Ctx } from "../context";
import type { TokenRequest } from "../tokens/input";
import { createToken, listTokens } from "../tokens/service";
import type { MadeToken } from "../tokens/views";
import { mustProve, proofAsked } from "./proof";
import type { OwnTokensView } from "./views";

/** Makes a token for who shows anew that it is them; a personal one for whoever is signed in, a service's for administrators. */
export async function makeToken(ctx: Ctx, { password, ...request }: TokenRequest & { password?: string }): Promise<MadeToken> {
  const action = request.kind === "service" ? "token.create_service" : "token.create";
  const target = { kind: "token", id: request.name, zones: [] };
  await permitted(ctx, action, target);
  await attempted(ctx, action, target, () => mustProve(ctx, password));
  return createToken(ctx, request);
}

/** One's own tokens, those of services for administrators, and what making one takes. */
export async function readTokens(ctx: Ctx): Promise<OwnTokensView> {
  return { ...(await listTokens(ctx)), proof: await proofAsked(ctx) };
}
