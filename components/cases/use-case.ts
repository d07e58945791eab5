"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { toast } from "sonner";
import { intentKey } from "@/components/fetch";
import { meQuery } from "@/components/shell/queries";
import { can } from "@/lib/permissions";
import { type CaseAct, requestCaseAct } from "./actions";

/** What one may do with a case and how it is asked for. The same words again are the same intent: a repeat has one effect. */
export function useCaseActs({ caseId, zone }: { caseId: string; zone: { zoneId: string } }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const intent = useRef<{ body: string; key: string } | null>(null);
  const mutation = useMutation({
    mutationFn: (act: CaseAct) => {
      const body = JSON.stringify(act);
      if (intent.current?.body !== body) intent.current = { body, key: intentKey() };
      return requestCaseAct(caseId, act, intent.current.key);
    },
    // What came through is over: the same words later are another intent.
    onSuccess: () => {
      intent.current = null;
    },
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["cases"] }),
  });
  const blocked = (act: CaseAct["act"]): string | null => {
    if (!me) return "Accord does not know yet who you are.";
    const allowed = can(me.actor, `case.${act}`, [zone.zoneId]);
    return allowed.ok ? null : allowed.reason;
  };
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
