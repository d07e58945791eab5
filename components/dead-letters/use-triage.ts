"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Refused } from "@/components/fetch";
import { useIntent } from "@/components/intent";
import { meQuery } from "@/components/shell/queries";
import { useWhyNot } from "@/components/shell/use-why-not";
import { toast } from "@/components/ui/toast";
import type { GroupRow } from "@/lib/dead-letters/views";
import { type GroupAct, requestGroupAct } from "./triage-actions";
import { takenWords } from "./triage-words";

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

type Taken = Pick<GroupRow, "groupId" | "zones" | "triage">;

/** Takes several groups, one after the other: each is allowed, settled and audited on its own, and what was refused is told. */
export function useTaking(groups: Taken[]) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const whyNot = useWhyNot();
  const to = me?.actor?.operatorId ?? null;
  const open = groups.filter(({ triage }) => triage.assignee?.id !== to);
  const mutation = useIntent(takeEach, {
    onSuccess: (taken) => toast(takenWords(taken)),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["dead-letters"] }),
  });
  const refused = groups
    .map(({ zones }) =>
      whyNot(
        "group.assign",
        zones.map(({ zoneId }) => zoneId),
      ),
    )
    .find((why) => why !== null);
  const blocked = refused ?? (open.length === 0 ? "You have them already." : null);
  return {
    blocked,
    busy: mutation.isPending,
    take: () => {
      if (to !== null && blocked === null && !mutation.isPending)
        mutation.mutate({ to, groups: open.map(({ groupId, triage }) => ({ groupId, from: triage.assignee?.id ?? null })) });
    },
  };
}

type TakeRequest = { to: string; groups: { groupId: string; from: string | null }[] };

async function takeEach({ to, groups }: TakeRequest, key: string): Promise<{ takenN: number; refused: string[] }> {
  const refused: string[] = [];
  for (const { groupId, from } of groups)
    try {
      await requestGroupAct(groupId, { act: "assign", to, from }, `${key}-${groupId}`);
    } catch (error) {
      // Without an answer nobody knows: the same press goes on under the same keys.
      if (!(error instanceof Refused) || error.kind === "unreachable") throw error;
      refused.push(error.message);
    }
  return { takenN: groups.length - refused.length, refused };
}
