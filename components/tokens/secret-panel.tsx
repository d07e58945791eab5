import { Banner } from "@/components/ui/banner";
import { CopyButton } from "@/components/ui/copy-button";
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
    <div className="space-y-3 px-dialog-x py-dialog-y max-md:px-4">
      <Banner look="at_risk" title="Copy the token now.">
        Accord keeps only a hash of it: closed, this is gone for good.
      </Banner>
      <div className="flex items-center gap-2 rounded-control border border-line-strong bg-sunken px-2.5 py-1.5">
        <code className="mono min-w-0 flex-1 select-all text-12 [overflow-wrap:anywhere]">{secret}</code>
        <CopyButton text={secret} label="Copy the token" />
      </div>
      <p className="text-12 text-ink-2">
        A script shows it as <code className="mono">Authorization: Bearer {token.prefix}…</code>
      </p>
    </div>
  );
}
