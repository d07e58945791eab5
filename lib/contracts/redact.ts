import type { Problem } from "./rules";

// Shorter than this, a replacement would spoil words and hide nothing worth hiding.
const SECRET_CHARS_MIN = 4;

/** The passwords of the addresses in a text, as written and decoded. */
export function secretsIn(text: string): string[] {
  const passwords = [...text.matchAll(/:\/\/[^\s/:@]*:([^\s@]+)@/g), ...text.matchAll(/password=([^\s&"']+)/gi)].map(
    (match) => match[1]!,
  );
  return [...new Set(passwords.flatMap((password) => [password, decoded(password)]))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text without those secrets: the last gate before a log, a screen or the store, behind messages that quote with care. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const worth = secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN).sort((a, b) => b.length - a.length);
  return worth.reduce((safe, secret) => safe.replaceAll(secret, "•••"), text);
}

/** The problems without those secrets. */
export function redacted(problems: readonly Problem[], secrets: readonly string[]): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    message: withoutSecrets(problem.message, secrets),
    path: withoutSecrets(problem.path, secrets),
  }));
}
