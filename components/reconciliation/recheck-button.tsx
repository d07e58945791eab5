"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { useKeys } from "@/components/ui/keys";
import { toast } from "@/components/ui/toast";
import { recheck } from "./actions";

type Props = { divergenceId: string; zoneId: string; lastSeenAt: number; settled: boolean };

/** Has both sides read again now (`c`); what was found stands beside it when the worker has looked. */
export function RecheckButton({ divergenceId, zoneId, lastSeenAt, settled }: Props) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const mutation = useIntent(recheck, {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["divergences"] }),
  });
  const blocked = settled ? "It is settled." : whyNot("divergence.recheck", [zoneId]);
  const waits = mutation.isPending || (mutation.data !== undefined && lastSeenAt < mutation.data.askedAt && !settled);
  const ask = () => {
    if (blocked === null && !waits) mutation.mutate(divergenceId);
  };
  useKeys({ c: ask });
  return (
    <Button size="sm" shortcut="c" blocked={blocked} busy={waits && "Looking"} onClick={ask}>
      Recheck
    </Button>
  );
}
