"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useScreenActions } from "@/components/shell/palette/actions";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { IconName } from "@/components/ui/icons";
import { useKeys } from "@/components/ui/keys";
import { toast } from "@/components/ui/toast";
import { stepsFrom } from "@/lib/operations/rules";
import type { OperationRow } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import { requestStep, type Step } from "./actions";

const looks: Record<Step, { word: string; busy: string; icon?: IconName; shortcut?: string; tone: "default" | "danger" }> = {
  pause: { word: "Pause", busy: "Pausing", icon: "pause", shortcut: "p", tone: "default" },
  resume: { word: "Resume", busy: "Resuming", icon: "play", shortcut: "p", tone: "default" },
  continue: { word: "Go on with the rest", busy: "Going on", icon: "play", tone: "default" },
  undo: { word: "Undo", busy: "Undoing", tone: "default" },
  cancel: { word: "Cancel the rest", busy: "Stopping", tone: "danger" },
};

/** What can still be asked of an operation; none once it ended. Cancelling asks once more, since it cannot be taken back. */
export function StepButtons({ operation, more }: { operation: OperationRow; more: Extract<Step, "undo" | "continue">[] }) {
  const client = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const whyNot = useWhyNot();
  const steps: Step[] = [...more, ...stepsFrom(operation.state)];
  const zones = operation.zones.map((zone) => zone.zoneId);
  const mutation = useIntent((step: Step, key) => requestStep(operation.operationId, step, key), {
    onError: (error) => toast(error.message),
    onSettled: () => {
      setConfirming(false);
      return client.invalidateQueries({ queryKey: ["operations"] });
    },
  });
  const blocked = (step: Step): string | null => whyNot(`operation.${step}`, zones);
  // The same step again is the same press; another one may follow before the screen has caught up.
  const ask = (step: Step) => {
    const again = mutation.isPending && mutation.variables === step;
    if (blocked(step) === null && !again) mutation.mutate(step);
  };
  const toggle = steps.find((step) => step === "pause" || step === "resume");
  useKeys(toggle ? { p: () => ask(toggle) } : {});
  useScreenActions(
    steps.map((step) => ({
      label: `${looks[step].word}: OP-${operation.operationId}`,
      run: () => (step === "cancel" ? setConfirming(true) : ask(step)),
      blocked: blocked(step),
      ...(step === toggle && { keys: "p" }),
    })),
  );
  return (
    <>
      {steps.map((step) => (
        <Button
          key={step}
          tone={looks[step].tone}
          icon={looks[step].icon}
          shortcut={looks[step].shortcut}
          blocked={blocked(step)}
          busy={mutation.isPending && mutation.variables === step && looks[step].busy}
          onClick={() => (step === "cancel" ? setConfirming(true) : ask(step))}
        >
          {looks[step].word}
        </Button>
      ))}
      <CancelDialog
        operation={operation}
        open={confirming && steps.includes("cancel")}
        setOpen={setConfirming}
        busy={mutation.isPending}
        cancel={() => ask("cancel")}
      />
    </>
  );
}

type CancelProps = {
  operation: OperationRow;
  open: boolean;
  setOpen: (open: boolean) => void;
  busy: boolean;
  cancel: () => void;
};

function CancelDialog({ operation, open, setOpen, busy, cancel }: CancelProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Cancel the rest?"
      foot={
        <>
          <Button className="ml-auto" onClick={() => setOpen(false)}>
            Go on
          </Button>
          <Button tone="danger" busy={busy && looks.cancel.busy} onClick={cancel}>
            Cancel {counted(operation.counts.waiting, "message")}
          </Button>
        </>
      }
    >
      <p className="px-dialog-x py-dialog-y text-ink-2">
        {counted(operation.counts.waiting, "message")} had no turn yet, or nobody has taken them: they stay parked and are free
        for another operation. What was {operation.kind === "retry" ? "taken ends by its outcome" : "done stays done"}. This
        cannot be taken back, but the rest can be asked for anew.
      </p>
    </Dialog>
  );
}
