"use client";
import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useEffect } from "react";
import { Banner } from "@/components/ui/banner";
import { Link } from "@/components/ui/link";
import { When } from "@/components/ui/when";
import type { LedTo as LedToView } from "@/lib/dead-letters/regrouping/views";
import type { GroupView } from "@/lib/dead-letters/views";
import { groupHref } from "./group-row";

/** A link to a group that was merged into another one leads to where its messages are, unless it asks for the group's own page. */
export function useLedTo(view: GroupView | undefined): void {
  const [own] = useQueryState("own", parseAsBoolean);
  const router = useRouter();
  const to = own ? null : (view?.placed.ledTo?.groupId ?? null);
  useEffect(() => {
    if (to !== null) router.replace(groupHref(to));
  }, [to, router]);
}

/** That the messages of this group are with another one, and the way there. */
export function LedTo({ ledTo, now }: { ledTo: LedToView; now: number }) {
  return (
    <Banner look="converging" title={`Its messages are with group ${ledTo.groupId}.`} className="mb-3.5">
      {ledTo.by} put them there <When at={ledTo.at} now={now} />.{" "}
      <Link href={groupHref(ledTo.groupId)} className="link">
        Go there
      </Link>
    </Banner>
  );
}
