import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";

/** What a connection to PostgreSQL demands of TLS, in libpq's words. */
export const tlsModes = ["disable", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof tlsModes)[number];

/** An address without what it says of TLS, and what that means; `ssl` is left out where nothing is said. */
export type Connection = { connectionString: string; ssl?: false | ConnectionOptions };

const PARAMETERS = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/** Puts a demand into an address, over whatever it said itself. */
export function withTls(url: string, mode: TlsMode | undefined, caFile: string | undefined): string {
  if (mode === undefined && caFile === undefined) return url;
  const parsed = new URL(url);
  if (mode !== undefined) parsed.searchParams.set("sslmode", mode);
  if (caFile !== undefined) parsed.searchParams.set("sslrootcert", caFile);
  return parsed.href;
}

/** Reads `sslmode` and its companions as libpq does, which pg does not: there `require` means verify-full. Throws a sentence for what cannot be kept. */
export function connectionOf(url: string): Connection {
  if (!URL.canParse(url)) return { connectionString: url };
  const parsed = new URL(url);
  const [mode, ca, cert, key] = PARAMETERS.map((name) => parsed.searchParams.get(name));
  for (const name of PARAMETERS) parsed.searchParams.delete(name);
  if (!mode && !ca && !cert && !key) return { connectionString: url };
  const connectionString = parsed.href;
  const files = { ...(cert && { cert: read(cert, "sslcert") }), ...(key && { key: read(key, "sslkey") }) };
  // `system`, like no file at all, is what this machine trusts.
  const trusted = ca && ca !== "system" ? { ca: read(ca, "sslrootcert") } : {};
  const verified = { ...files, ...trusted, rejectUnauthorized: true };
  switch (mode) {
    case "disable":
      return { connectionString, ssl: false };
    case "require":
      // As libpq: who names an authority wants it asked.
      return {
        connectionString,
        ssl: ca ? { ...verified, checkServerIdentity: () => undefined } : { ...files, rejectUnauthorized: false },
      };
    case "verify-ca":
      if (!trusted.ca)
        throw new Error(
          "sslmode=verify-ca needs the authority's certificate: name its file in sslrootcert (ca: in accord.yaml).",
        );
      return { connectionString, ssl: { ...verified, checkServerIdentity: () => undefined } };
    case "verify-full":
      return { connectionString, ssl: verified };
    default:
      throw new Error(
        `sslmode=${mode ?? "(none)"} does not say whether the connection must be encrypted: write ${tlsModes.slice(0, -1).join(", ")} or ${tlsModes.at(-1)}.`,
      );
  }
}

/** The store's address out of the environment, with what DATABASE_TLS and DATABASE_CA demand; undefined where there is none. */
export function storeAddress(env: Record<string, string | undefined>, name = "DATABASE_URL"): string | undefined {
  const url = env[name];
  if (!url || !URL.canParse(url)) return url || undefined;
  return withTls(url, (env.DATABASE_TLS || undefined) as TlsMode | undefined, env.DATABASE_CA || undefined);
}

function read(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`The file that ${name} names cannot be read: ${file}.`, { cause });
  }
}
