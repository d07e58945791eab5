"use client";
import { useQuery } from "@tanstack/react-query";
import type { WhyNot } from "@/components/ui/why-not";
import { can } from "@/lib/permissions";
import { meQuery } from "./queries";

/** Tells why who looks may not do something in these zones; null when they may. The verb obeys the same rule. */
export function useWhyNot(): WhyNot {
  const { data: me } = useQuery(meQuery());
  return (action, zones) => {
    if (!me) return "Accord does not know yet who you are.";
    const allowed = can(me.actor, action, zones);
    return allowed.ok ? null : allowed.reason;
  };
}
