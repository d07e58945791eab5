"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { intentKey, Refused } from "@/components/fetch";
import { meQuery } from "@/components/shell/queries";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { submitByKey } from "@/components/ui/submit-key";
import { caseLimits } from "@/lib/cases/rules";
import { caseName } from "@/lib/cases/words";
import { can } from "@/lib/permissions";
import { type NewCase, requestCase } from "./actions";
import { caseHref } from "./words";

type Props = { zoneId: string; title: string; keyName: string };

/** Opens a case by hand: what a person sees and no rule does. */
export function OpenCaseButton({ zoneId, title, keyName }: Props) {
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery());
  const allowed = me ? can(me.actor, "case.open", [zoneId]) : null;
  const blocked = allowed === null ? "Accord does not know yet who you are." : allowed.ok ? null : allowed.reason;
  return (
    <>
      <Button icon="case" blocked={blocked} onClick={() => setOpen(true)}>
        Open case
      </Button>
      {open && <OpenCaseDialog zoneId={zoneId} title={title} keyName={keyName} onClose={() => setOpen(false)} />}
    </>
  );
}

function OpenCaseDialog({ zoneId, title, keyName, onClose }: Props & { onClose: () => void }) {
  const router = useRouter();
  const client = useQueryClient();
  const [what, setWhat] = useState("");
  const [businessKey, setBusinessKey] = useState("");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const intent = useRef<{ body: string; key: string } | null>(null);
  const mutation = useMutation({
    mutationFn: (wish: NewCase) => {
      // The same words are the same intent: a repeat after a lost answer opens nothing twice.
      const body = JSON.stringify(wish);
      if (intent.current?.body !== body) intent.current = { body, key: intentKey() };
      return requestCase(wish, intent.current.key);
    },
    onSuccess: ({ caseId }) => {
      toast(`${caseName(caseId)} is open`);
      client.invalidateQueries({ queryKey: ["cases"] });
      router.push(caseHref(caseId));
      onClose();
    },
  });
  const short = what.trim().length < 3;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Open a case in ${title}`}
      foot={
        <>
          <Button className="ml-auto" shortcut="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form="open-case" tone="primary" busy={mutation.isPending && "Opening"} shortcut="⌘⏎">
            Open case
          </Button>
        </>
      }
    >
      <form
        id="open-case"
        className="flex flex-col gap-3.5 px-[22px] py-[18px] max-md:px-4"
        onKeyDown={submitByKey}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (short || mutation.isPending) return;
          mutation.mutate({ zoneId, title: what.trim(), businessKey: businessKey.trim() || null, note: note.trim() || null });
        }}
      >
        {mutation.error instanceof Refused && <Banner look="at_risk" title={mutation.error.message} />}
        <Field
          label="What is wrong, and where"
          error={tried && short ? "Say who or what is wrong, in at least 3 characters." : null}
        >
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              value={what}
              maxLength={120}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              placeholder={`One ${keyName} is wrong in one of the services`}
              onChange={(event) => setWhat(event.target.value)}
            />
          )}
        </Field>
        <Field label={`Key of the ${keyName}`} note="optional">
          {({ id }) => (
            <Input id={id} value={businessKey} maxLength={200} onChange={(event) => setBusinessKey(event.target.value)} />
          )}
        </Field>
        <Field label="Note" note="optional, the first of its history">
          {({ id }) => (
            <Textarea
              id={id}
              rows={3}
              value={note}
              maxLength={caseLimits.commentMost}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
