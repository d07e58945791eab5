import { oidcRefusalWords } from "@/lib/operators/sign-in/words";

/** Nothing answered. */
export const AWAY = "Accord does not answer. Check your connection, then try again.";
/** The page's token is no longer good. */
export const OUTDATED = "This page was open for too long. Try again.";
/** The provider did not finish. */
export const providerFailedWords = (name: string): string => `The sign-in with ${name} did not complete. Try again.`;

/** Why a sign-in through the provider came back without a session; null when nothing failed. Addresses are anybody's text, so only known codes become words. */
export function failureWords(params: { refused?: unknown; error?: unknown }, providerName: string): string | null {
  const { refused, error } = params;
  if (typeof refused === "string" && Object.hasOwn(oidcRefusalWords, refused))
    return oidcRefusalWords[refused as keyof typeof oidcRefusalWords];
  return refused === undefined && error === undefined ? null : providerFailedWords(providerName);
}
