import { connectionOf, storeAddress } from "../platform/tls";

type Env = Record<string, string | undefined>;

const SECRET_LENGTH_MIN = 32;
const SECRET_LETTERS_MIN = 8;

/** What is missing to run in production, one sentence each; nothing when all is there. `exists` answers for files. */
export function startProblems(env: Env, exists: (file: string) => boolean): string[] {
  const problems: string[] = [];
  if (!env.DATABASE_URL)
    problems.push("DATABASE_URL is missing: the store's address, as in postgres://accord_app:…@host/accord.");
  problems.push(...addressProblems(env));
  const config = configFile(env);
  if (!exists(config))
    problems.push(`${config} does not exist: it names the sources to observe; ACCORD_CONFIG may name another file.`);
  if (!env.NEXTAUTH_URL || !URL.canParse(env.NEXTAUTH_URL)) {
    problems.push("NEXTAUTH_URL is missing: the address under which people reach Accord, as in https://accord.example.com.");
  }
  const secret = secretProblem(env);
  if (secret !== null) problems.push(secret);
  if (!exists(".next/BUILD_ID")) problems.push("The pages are not built: run `npm run build`.");
  return problems;
}

// What an address demands of TLS and cannot be kept is said before anything starts.
function addressProblems(env: Env): string[] {
  return ["DATABASE_URL", "DATABASE_DIRECT_URL"].flatMap((name) => {
    try {
      connectionOf(storeAddress(env, name) ?? "");
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
}

/** What is wrong with the secret that signs sessions, in a sentence; null for one that is long and not a pattern. */
export function secretProblem(env: Env): string | null {
  const secret = env.NEXTAUTH_SECRET ?? "";
  const makes = "it signs sessions; `openssl rand -base64 32` makes one.";
  if (secret.length < SECRET_LENGTH_MIN)
    return `NEXTAUTH_SECRET is missing or shorter than ${SECRET_LENGTH_MIN} characters: ${makes}`;
  return new Set(secret).size < SECRET_LETTERS_MIN || /^(.{1,16})\1+.{0,16}$/s.test(secret)
    ? `NEXTAUTH_SECRET is a pattern that can be guessed: ${makes}`
    : null;
}

/** The file that names the sources. */
export const configFile = (env: Env): string => env.ACCORD_CONFIG || "accord.yaml";
