/** The password was right, and a code is asked for. Known to the sign-in page, which then asks. */
export const CODE_ASKED = "Give the code of your second factor.";
/** The same sentence for a wrong code, one that was used, and a wrong password beside a code. */
export const WRONG_CODE = "Password or code is wrong, or the code was used before.";
/** What stands between a sign-in without a second factor and everything else, where one is required. */
export const SET_FIRST =
  "Set up a second factor first: this Accord takes no sign-in by password alone (POST /api/v1/me/second-factor, or the page that opens after signing in).";
/** The secret was sealed with another key than today's. */
export const UNREADABLE =
  "The second factor cannot be read: Accord's own secret was changed since. Use a recovery code, or ask an administrator to remove it.";
/** For whom no password is kept here. */
export const OF_THE_PROVIDER = "You come in through the provider, and so does your second factor: set it up there.";
