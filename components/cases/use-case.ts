"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { meQuery } from "@/components/shell/queries";
import { useWhyNot } from "@/components/shell/use-why-not";
import { toast } from "@/components/ui/toast";
import { type CaseAct, requestCaseAct } from "./actions";

/** What one may do with a case and how it is asked for. */
export function useCaseActs({ caseId, zone }: { caseId: string; zone: { zoneId: string } }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const whyNot = useWhyNot();
  const mutation = useIntent((act: CaseAct, key) => requestCaseAct(caseId, act, key), {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["cases"] }),
  });
  const blocked = (act: CaseAct["act"]): string | null => whyNot(`case.${act}`, [zone.zoneId]);
  return {
    me: me?.actor ?? null,
    blocked,
    busy: (act: CaseAct["act"]): boolean => mutation.isPending && mutation.variables.act === act,
    ask: (act: CaseAct, done?: () => void): void => {
      if (blocked(act.act) === null && !mutation.isPending) mutation.mutate(act, { onSuccess: done });
    },
  };
}
export type CaseActs = ReturnType<typeof useCaseActs>;
