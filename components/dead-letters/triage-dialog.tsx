"use client";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { triageLimits } from "@/lib/dead-letters/triage/rules";
import type { GroupRow } from "@/lib/dead-letters/views";
import type { GroupAct } from "./triage-actions";
import { type Answers, type Asking, askedWrong, askingWords, type MuteSpan, muteSpans } from "./triage-words";
import type { Triaging } from "./use-triage";

type Props = { asking: Asking; group: Pick<GroupRow, "triage" | "consumer">; triage: Triaging; now: number; onClose: () => void };

/** What a state takes beside its name: the version that is waited for, how long it is mute, what ended it. */
export function TriageDialog({ asking, group, triage, now, onClose }: Props) {
  const [answers, setAnswers] = useState<Answers>({ version: "", span: "1 h", above: "", reason: "" });
  const [tried, setTried] = useState(false);
  const words = askingWords[asking];
  const wrong = askedWrong(asking, answers);
  const set = (some: Partial<Answers>) => setAnswers((all) => ({ ...all, ...some }));
  const submit = () => {
    setTried(true);
    if (wrong === null) triage.ask(actOf(asking, answers, group.triage.stateN, now), onClose);
  };
  const error = tried ? wrong : null;
  return (
    <FormDialog
      title={words.title}
      submit={{ words: words.submit, busy: triage.busy("state") && words.busy }}
      error={null}
      onSubmit={submit}
      onClose={onClose}
    >
      {asking === "waiting" && (
        <Field
          label={`Version of ${group.consumer} that brings the fix`}
          note="ready to retry once it is live and nothing comes in"
          className="mono"
          autoFocus
          maxLength={triageLimits.versionMost}
          value={answers.version}
          error={error}
          onText={(version) => set({ version })}
        />
      )}
      {asking === "muted" && <Mute answers={answers} set={set} error={error} />}
      {asking === "resolved" && (
        <Field
          label="What ended it"
          note="is shown when it is seen again"
          rows={3}
          autoFocus
          maxLength={triageLimits.noteMost}
          value={answers.reason}
          error={error}
          onText={(reason) => set({ reason })}
        />
      )}
    </FormDialog>
  );
}

type MuteProps = { answers: Answers; set: (some: Partial<Answers>) => void; error: string | null };

function Mute({ answers, set, error }: MuteProps) {
  return (
    <>
      <p className="text-ink-2">A muted group leaves this list. Its messages still count in the verdict of their zones.</p>
      <Segmented label="Mute for" value={answers.span} options={spanOptions} onChange={(span) => set({ span })} />
      <Field
        label="Sooner when it is worse than"
        note="messages a minute"
        inputMode="numeric"
        value={answers.above}
        error={error}
        onText={(above) => set({ above })}
      />
    </>
  );
}

const spanOptions: { value: MuteSpan; label: string }[] = [
  ...(Object.keys(muteSpans) as (keyof typeof muteSpans)[]).map((value) => ({ value, label: value })),
  { value: "worse", label: "Until worse" },
];

function actOf(asking: Asking, { version, span, above, reason }: Answers, from: number, now: number): GroupAct {
  if (asking === "waiting") return { act: "state", from, state: "waiting", waitsFor: version.trim() };
  if (asking === "resolved") return { act: "state", from, state: "resolved", reason: reason.trim() };
  const until = span === "worse" ? null : Math.round(now + muteSpans[span]);
  return { act: "state", from, state: "muted", until, above: above.trim() === "" ? null : Number(above) };
}
