"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import type { Limits } from "@/lib/operations/plan.rules";
import type { OperationRow } from "@/lib/operations/views";
import { requestChange } from "./actions";

const textOf = (n: number | null) => (n === null ? "" : String(n));
const numberOf = (text: string) => (text.trim() === "" ? null : Number(text));

/** Pace, cap and stop limit of an operation that is under way; an empty box is no limit. */
export function LimitsForm({ operation, limits }: { operation: OperationRow; limits: Limits }) {
  const client = useQueryClient();
  const [pace, setPace] = useState(textOf(limits.perSecond));
  const [cap, setCap] = useState(textOf(limits.inFlightMax));
  const [stop, setStop] = useState(textOf(limits.stopPercent));
  const blocked = useWhyNot()(
    "operation.change",
    operation.zones.map((zone) => zone.zoneId),
  );
  const request = useIntent(requestChange, {
    onSuccess: () => toast("The new limits hold from now on"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["operations"] }),
  });
  const now = { perSecond: numberOf(pace), inFlightMax: numberOf(cap), stopPercent: numberOf(stop) };
  const usable = Object.values(now).every((n) => n === null || Number.isFinite(n));
  return (
    <form
      aria-label="Limits"
      className="flex flex-wrap items-end gap-3 border-t px-3.5 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (usable && blocked === null && !request.isPending) request.mutate({ operationId: operation.operationId, ...now });
      }}
    >
      <div className="w-32">
        <Field label="Pace" note="a second" inputMode="decimal" placeholder="no limit" value={pace} onText={setPace} />
      </div>
      <div className="w-32">
        <Field label="In flight" note="at most" inputMode="numeric" placeholder="no limit" value={cap} onText={setCap} />
      </div>
      <div className="w-32">
        <Field label="Stop above" note="% failed" inputMode="numeric" placeholder="no limit" value={stop} onText={setStop} />
      </div>
      <Button
        type="submit"
        blocked={blocked ?? (usable ? null : "A limit is a number, or empty.")}
        busy={request.isPending && "Changing"}
      >
        Change
      </Button>
    </form>
  );
}
