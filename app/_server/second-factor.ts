import { startFactor } from "@/lib/operators/second-factor/service";
import type { WebCtx } from "./context";
import { environment } from "./me";
import { sealingKey } from "./session";

/** A verb with the key that opens the secrets of second factors, which only the web process can make. */
export const withKey =
  <I, O>(verb: (ctx: WebCtx, input: I, key: Buffer) => Promise<O>) =>
  (ctx: WebCtx, input: I): Promise<O> =>
    verb(ctx, input, sealingKey());

/** Begins a second factor, which authenticators list under the name of this environment. */
export async function withIssuer(ctx: WebCtx, input: { password?: string; key?: string }) {
  const name = await environment();
  return startFactor(ctx, input, { sealingKey: sealingKey(), issuer: name === "" ? "Accord" : `Accord ${name}` });
}
