type Env = Record<string, string | undefined>;

const SECRET_LENGTH_MIN = 32;

/** What is missing to run in production, one sentence each; nothing when all is there. `exists` answers for files. */
export function startProblems(env: Env, exists: (file: string) => boolean): string[] {
  const problems: string[] = [];
  if (!env.DATABASE_URL)
    problems.push("DATABASE_URL is missing: the store's address, as in postgres://accord_app:…@host/accord.");
  const config = configFile(env);
  if (!exists(config))
    problems.push(`${config} does not exist: it names the sources to observe; ACCORD_CONFIG may name another file.`);
  if (!env.NEXTAUTH_URL || !URL.canParse(env.NEXTAUTH_URL)) {
    problems.push("NEXTAUTH_URL is missing: the address under which people reach Accord, as in https://accord.example.com.");
  }
  if ((env.NEXTAUTH_SECRET ?? "").length < SECRET_LENGTH_MIN) {
    problems.push(
      `NEXTAUTH_SECRET is missing or shorter than ${SECRET_LENGTH_MIN} characters: it signs sessions; \`openssl rand -base64 32\` makes one.`,
    );
  }
  if (!exists(".next/BUILD_ID")) problems.push("The pages are not built: run `npm run build`.");
  return problems;
}

/** The file that names the sources. */
export const configFile = (env: Env): string => env.ACCORD_CONFIG || "accord.yaml";
