"use client";
import { useQuery } from "@tanstack/react-query";
import { troubleQuery } from "@/components/channels/queries";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";
import { clockText } from "@/components/ui/format";
import { listed } from "@/lib/words";

/** A channel does not get through: said on every screen, since whoever waits to be told looks at any of them. */
export function TroubleBanner() {
  const { data } = useQuery(troubleQuery());
  if (!data || data.failing.length === 0) return null;
  const names = listed(data.failing.map(({ name }) => name));
  const since = Math.min(...data.failing.map((one) => one.since));
  return (
    <Banner
      look="at_risk"
      className="mb-4"
      title={`${names} ${data.failing.length === 1 ? "has" : "have"} not got through since ${clockText(since)}.`}
      actions={
        <ButtonLink href="/channels" size="sm">
          Channels
        </ButtonLink>
      }
    >
      What waits is sent again until it gets through or is given up; alerts stand on the Alerts screen all the same.
    </Banner>
  );
}
