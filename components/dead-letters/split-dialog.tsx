"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { useSettled } from "@/components/ui/settled";
import { regroupLimits } from "@/lib/dead-letters/regrouping/rules";
import { groupHref } from "./group-row";
import { askSplit } from "./regroup-actions";
import {
  meantWords,
  type SplitAsked,
  type SplitKind,
  type SplitText,
  splitAsked,
  splitHint,
  splitKinds,
  splitWrong,
} from "./regroup-words";
import { useRegroup } from "./use-regroup";

const kinds = (Object.keys(splitKinds) as SplitKind[]).map((value) => ({ value, label: splitKinds[value] }));

/** Which messages of a group become a group of their own, with what a rule means now in sight. */
export function SplitDialog({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState<SplitText>({ kind: "says", text: "", value: "" });
  const [tried, setTried] = useState(false);
  const set = (some: Partial<SplitText>) => setText((all) => ({ ...all, ...some }));
  const asked = splitAsked(text);
  const settled = useSettled(asked === null ? "" : JSON.stringify(asked), 300);
  const preview = useQuery({
    queryKey: ["dead-letters", "split", groupId, settled],
    queryFn: ({ signal }) => askSplit(groupId, JSON.parse(settled) as SplitAsked, signal),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const regroup = useRegroup();
  const submit = () => {
    setTried(true);
    if (asked !== null && !regroup.isPending)
      regroup.mutate(
        { act: "split", groupId, ...asked },
        {
          onSuccess: (part) => {
            onClose();
            router.push(groupHref(part.groupId));
          },
        },
      );
  };
  const hint = splitHint[text.kind];
  const found = settled !== "" && asked !== null ? preview.data : undefined;
  const wrong = settled !== "" && preview.error ? preview.error.message : found ? splitWrong(found) : null;
  return (
    <FormDialog
      title="Split the group"
      submit={{ words: "Split", busy: regroup.isPending && "Splitting" }}
      error={null}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-ink-2">
        Messages that the rule means, and those that come later, become a group of their own. It can be undone.
      </p>
      <Choice label="Split off by">
        <Segmented
          label="Split off by"
          value={text.kind}
          options={kinds}
          onChange={(kind) => set({ kind, text: "", value: "" })}
        />
      </Choice>
      <Field
        key={text.kind}
        label={hint.label}
        note={hint.note}
        className={text.kind === "says" ? undefined : "mono"}
        autoFocus
        maxLength={regroupLimits.textMost}
        value={text.text}
        error={tried && asked === null ? "Say which messages are meant." : null}
        onText={(one) => set({ text: one })}
      />
      {text.kind === "payload" && (
        <Field
          label="Value"
          className="mono"
          maxLength={regroupLimits.textMost}
          value={text.value}
          onText={(value) => set({ value })}
        />
      )}
      <div aria-live="polite" className="min-h-10 text-12">
        {wrong !== null ? (
          <p className="text-breach-fg">{wrong}</p>
        ) : found ? (
          <>
            <p className="font-medium">{meantWords(found)}</p>
            {found.samples.map((sample) => (
              <p key={sample} className="mono truncate text-ink-2">
                {sample}
              </p>
            ))}
          </>
        ) : (
          <p className="text-ink-3">What it means now is shown here.</p>
        )}
      </div>
    </FormDialog>
  );
}
