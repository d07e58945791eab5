"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { caseLimits } from "@/lib/cases/rules";
import { caseName } from "@/lib/cases/words";
import { requestCase } from "./actions";
import { caseHref } from "./words";

type Props = { zoneId: string; title: string; keyName: string };

/** Opens a case by hand: what a person sees and no rule does. */
export function OpenCaseButton({ zoneId, title, keyName }: Props) {
  const [open, setOpen] = useState(false);
  const blocked = useWhyNot()("case.open", [zoneId]);
  return (
    <>
      <Button icon="case" blocked={blocked} onClick={() => setOpen(true)}>
        Open case
      </Button>
      {open && <OpenCaseDialog zoneId={zoneId} title={title} keyName={keyName} onClose={() => setOpen(false)} />}
    </>
  );
}

function OpenCaseDialog({ zoneId, title: zone, keyName, onClose }: Props & { onClose: () => void }) {
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
