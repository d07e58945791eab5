import type { ReactNode } from "react";
import { Banner } from "./banner";
import { CopyButton } from "./copy-button";

type Props = { what: string; secret: string; kept: string; children: ReactNode };

/** A secret that is on the screen this once; `kept` says what is left of it afterwards. */
export function ShownOnce({ what, secret, kept, children }: Props) {
  return (
    <div className="space-y-3 px-dialog-x py-dialog-y max-md:px-4">
      <Banner look="at_risk" title={`Copy the ${what} now.`}>
        {kept}
      </Banner>
      <div className="flex items-center gap-2 rounded-control border border-line-strong bg-sunken px-2.5 py-1.5">
        <code className="mono min-w-0 flex-1 select-all text-12 [overflow-wrap:anywhere]">{secret}</code>
        <CopyButton text={secret} label={`Copy the ${what}`} />
      </div>
      <p className="text-12 text-ink-2">{children}</p>
    </div>
  );
}
