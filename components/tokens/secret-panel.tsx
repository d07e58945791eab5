import { Banner } from "@/components/ui/banner";
import { ShownOnce } from "@/components/ui/shown-once";
import type { MadeToken } from "@/lib/tokens/views";

/** The secret of a token that was just made; nobody sees it again. */
export function SecretPanel({ made: { secret, token } }: { made: MadeToken }) {
  if (secret === null)
    return (
      <div className="px-dialog-x py-dialog-y max-md:px-4">
        <Banner look="at_risk" title="This token was made before, and its secret was shown then.">
          Nobody knows it any more. Revoke {token.prefix}… and make another if it was not kept.
        </Banner>
      </div>
    );
  return (
    <ShownOnce what="token" secret={secret} kept="Accord keeps only a hash of it: closed, this is gone for good.">
      A script shows it as <code className="mono">Authorization: Bearer {token.prefix}…</code>
    </ShownOnce>
  );
}
