import type { Payload } from "../../../client/src";
import type { FrameworkService } from "../../kit/framework";

class SmtpError extends Error {
  override name = "SmtpError";
}

/** Hands a mail to the provider's relay, which refuses it while our key has expired. */
export function relayMail(_text: string, { faults }: FrameworkService): void {
  if (faults.has("refused-mail")) throw new SmtpError("535 5.7.8 authentication failed: the key of mail-service has expired");
}

/** The points to tell, which loyalty-service 2.1.0 calls credit. Its reading is switched on when somebody has noticed that it is needed. */
export function pointsOf(data: Payload, { faults }: FrameworkService): number {
  return faults.has("renamed-field") ? data.points : (data.points ?? data.credit);
}
