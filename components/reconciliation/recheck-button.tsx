"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { intentKey } from "@/components/fetch";
import { meQuery } from "@/components/shell/queries";
import { Button } from "@/components/ui/button";
import { useKeys } from "@/components/ui/keys";
import { can } from "@/lib/permissions";
import { recheck } from "./actions";

type Props = { divergenceId: string; zoneId: string; lastSeenAt: number; settled: boolean };

/** Has both sides read again now (`c`); what was found stands beside it when the worker has looked. */
export function RecheckButton({ divergenceId, zoneId, lastSeenAt, settled }: Props) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const mutation = useMutation({
    mutationFn: (key: string) => recheck(divergenceId, key),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["divergences"] }),
  });
  const allowed = me ? can(me.actor, "divergence.recheck", [zoneId]) : null;
  const blocked = settled
    ? "It is settled."
    : allowed === null
      ? "Accord does not know yet who you are."
      : allowed.ok
        ? null
        : allowed.reason;
  const waits = mutation.isPending || (mutation.data !== undefined && lastSeenAt < mutation.data.askedAt && !settled);
  const ask = () => {
    if (blocked === null && !waits) mutation.mutate(intentKey());
  };
  useKeys({ c: ask });
  return (
    <Button size="sm" shortcut="c" blocked={blocked} busy={waits && "Looking"} onClick={ask}>
      Recheck
    </Button>
  );
}
