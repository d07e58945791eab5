"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { meQuery } from "@/components/shell/queries";
import { useWhyNot } from "@/components/shell/use-why-not";
import { toast } from "@/components/ui/toast";
import type { GroupRow } from "@/lib/dead-letters/views";
import { type GroupAct, requestGroupAct } from "./triage-actions";

/** What one may say of a group and how it is asked for; null is no group. */
export function useTriage(group: Pick<GroupRow, "groupId" | "zones" | "triage"> | null) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const whyNot = useWhyNot();
  const mutation = useIntent(({ groupId, ...act }: GroupAct & { groupId: string }, key) => requestGroupAct(groupId, act, key), {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["dead-letters"] }),
  });
  const blocked = (act: GroupAct["act"]): string | null =>
    group === null
      ? "No group is chosen."
      : whyNot(
          `group.${act}`,
          group.zones.map((zone) => zone.zoneId),
        );
  const ask = (act: GroupAct, done?: () => void): void => {
    if (group !== null && blocked(act.act) === null && !mutation.isPending)
      mutation.mutate({ ...act, groupId: group.groupId }, { onSuccess: done });
  };
  const operatorId = me?.actor?.operatorId ?? null;
  const from = group?.triage.assignee?.id ?? null;
  const assign = (to: string | null) => ask({ act: "assign", to, from });
  return {
    me: operatorId,
    blocked,
    busy: (act: GroupAct["act"]): boolean => mutation.isPending && mutation.variables.act === act,
    ask,
    assign,
    /** Takes the group for who looks. */
    take: () => {
      if (operatorId !== null && from !== operatorId) assign(operatorId);
    },
  };
}
export type Triaging = ReturnType<typeof useTriage>;
