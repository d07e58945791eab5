import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

type Options = {
  /** 0 takes a free one. */
  port?: number;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  /** Claims by subject: name, email, email_verified, groups, zones. */
  accounts: Record<string, Record<string, unknown>>;
};

const claims = { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"], zones: ["zones"] };
const HOUR_S = 3_600;
const scopes = Object.keys(claims).join(" ");

/** A real OpenID provider on this machine. Its sign-in page has one button per account, and no password. */
export async function startOidcProvider(
  options: Options,
): Promise<{ issuer: string; scopes: string; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationOf(options));
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return answer(request, response);
    interact(provider, options, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, scopes, close };
}

function configurationOf({ clientId, clientSecret, redirectUri, accounts }: Options) {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims,
    cookies: { keys: [randomBytes(16).toString("hex")] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    jwks: { keys: [{ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), use: "sig" }] },
    ttl: { AccessToken: HOUR_S, AuthorizationCode: 60, Grant: HOUR_S, IdToken: HOUR_S, Interaction: HOUR_S, Session: HOUR_S },
    interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  };
}

async function interact(
  provider: Provider,
  { accounts }: Options,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST")
    return void response.writeHead(200, { "content-type": "text/html" }).end(page(Object.keys(accounts)));
  const accountId = new URLSearchParams(await textOf(request)).get("account") ?? "";
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(scopes);
  await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId: await grant.save() } });
}

const page = (
  subjects: string[],
) => `<!doctype html><html lang="en"><title>Test provider</title><h1>Who are you?</h1><form method="post">
${subjects.map((subject) => `<button name="account" value="${subject}">${subject}</button>`).join("\n")}</form></html>`;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
