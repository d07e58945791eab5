"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { ReasonField } from "@/components/ui/reason-field";
import { limits } from "@/lib/operations/rules";
import type { OperationRow } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import { requestRetryFailed } from "./actions";
import { operationHref } from "./words";

/** Asks for a new operation over what did not get through; there is nothing to ask before this one has ended. */
export function RetryFailed({ operation }: { operation: OperationRow }) {
  const router = useRouter();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const blocked = useWhyNot()(
    "dead_letter.retry",
    operation.zones.map((zone) => zone.zoneId),
  );
  const request = useIntent(requestRetryFailed, {
    onSuccess: ({ operationId }) => {
      setOpen(false);
      client.invalidateQueries({ queryKey: ["operations"] });
      router.push(operationHref(operationId));
    },
  });
  const failedN = operation.counts.failed_again + operation.counts.behind;
  if (operation.kind !== "retry" || operation.endedAt === null || failedN === 0) return null;
  const short = why.trim().length < limits.reasonLengthMin;
  return (
    <>
      <Button blocked={blocked} onClick={() => setOpen(true)}>
        Retry the failed
      </Button>
      {open && (
        <FormDialog
          title={`Retry ${counted(failedN, "message")} that did not get through?`}
          submit={{ words: "Retry the failed", busy: request.isPending && "Sending" }}
          error={request.error}
          undone="Nothing was sent."
          onClose={() => setOpen(false)}
          onSubmit={() => {
            setTried(true);
            if (!short && !request.isPending) request.mutate({ operationId: operation.operationId, reason: why.trim(), failedN });
          }}
        >
          <p className="text-ink-2">
            A new operation, with {failedN > 50 ? "a canary of 10 and " : ""}a stop above 20 % failed. What is not parked any
            more, or is held by another operation, is left out.
          </p>
          <ReasonField
            value={why}
            error={tried && short ? `Say what changed since they failed. At least ${limits.reasonLengthMin} characters.` : null}
            placeholder="What changed since they failed?"
            onChange={setWhy}
          />
        </FormDialog>
      )}
    </>
  );
}
