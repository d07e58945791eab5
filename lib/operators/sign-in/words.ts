import type { OidcRefusal } from "./rules";

/** Why the sign-in through a provider was refused, and who can help. */
export const oidcRefusalWords: Record<OidcRefusal, string> = {
  no_role: "Your account has no role in Accord. Ask an administrator for one.",
  no_email: "Your provider did not send an e-mail address. Ask its administrator to share it.",
  unverified_email: "Your provider has not verified your e-mail address. Verify it there, then sign in again.",
  taken_email: "Your e-mail address belongs to another account here. Ask an administrator.",
  inactive: "Your account is switched off. Ask an administrator.",
};

/** The same sentence for an unknown e-mail and a wrong password. */
export const WRONG_PASSWORD = "E-mail or password is wrong.";
