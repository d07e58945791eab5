import type { Fault } from "./fault";

/** A secret that ran out, and no deploy; services/mail-service/send.ts asks for it. */
export const refusedMail: Fault = {
  name: "refused-mail",
  story:
    "the mail provider refuses mail-service, whose key has expired: send-points-mail jobs of pg-boss fail for good. Stopping renews the key.",
};
