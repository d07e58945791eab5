import { HoldButton } from "@/components/sagas/hold-button";
import { ButtonLink } from "@/components/ui/button";
import { Sentence } from "@/components/ui/sentence";
import type { ZoneRow } from "@/lib/zones/views";

/** Cause, then next action, on the same row. */
export function WhyLine({ why, primary }: { why: NonNullable<ZoneRow["why"]>; primary: boolean }) {
  return (
    <div className="flex items-center gap-2.5 pl-7.5 text-ink-2 max-md:flex-wrap max-md:pl-0">
      <span className="text-11 text-ink-3 max-md:sr-only">Why</span>
      <p className="min-w-0 flex-1 max-md:basis-full">
        <Sentence parts={why.text} />
      </p>
      {why.hold && <HoldButton target={why.hold} className="max-md:w-full" />}
      <ButtonLink href={why.href} size="sm" tone={primary ? "primary" : "default"} className="max-md:w-full">
        {why.action}
      </ButtonLink>
    </div>
  );
}
