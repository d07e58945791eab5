"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { Field } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { caseLimits } from "@/lib/cases/rules";
import { caseName } from "@/lib/cases/words";
import { requestCase } from "./actions";
import { caseHref } from "./words";

type Props = { zoneId: string; title: string; keyName: string; onClose: () => void };

/** What is asked of who opens a case by hand. */
export function OpenCaseDialog({ zoneId, title: zone, keyName, onClose }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const [what, setWhat] = useState("");
  const [businessKey, setBusinessKey] = useState("");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const mutation = useIntent(requestCase, {
    onSuccess: ({ caseId }) => {
      toast(`${caseName(caseId)} is open`);
      client.invalidateQueries({ queryKey: ["cases"] });
      router.push(caseHref(caseId));
      onClose();
    },
  });
  const title = what.trim();
  const wrong =
    title.length < 3
      ? "Say who or what is wrong, in at least 3 characters."
      : title.length > caseLimits.titleMost
        ? `At most ${caseLimits.titleMost} characters; these are ${title.length}. The rest belongs into the note.`
        : null;
  return (
    <FormDialog
      title={`Open a case in ${zone}`}
      submit={{ words: "Open case", busy: mutation.isPending && "Opening" }}
      error={mutation.error}
      onSubmit={() => {
        setTried(true);
        if (wrong || mutation.isPending || mutation.isSuccess) return;
        mutation.mutate({ zoneId, title, businessKey: businessKey.trim() || null, note: note.trim() || null });
      }}
      onClose={onClose}
    >
      <Field
        label="What is wrong, and where"
        // What is too long is said, not cut.
        error={tried || title.length > caseLimits.titleMost ? wrong : null}
        value={what}
        placeholder={`One ${keyName} is wrong in one of the services`}
        onText={setWhat}
      />
      <Field label={`Key of the ${keyName}`} note="optional" value={businessKey} maxLength={200} onText={setBusinessKey} />
      <Field
        rows={3}
        label="Note"
        note="optional, the first of its history"
        value={note}
        maxLength={caseLimits.commentMost}
        onText={setNote}
      />
    </FormDialog>
  );
}
