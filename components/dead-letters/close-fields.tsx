"use client";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { type CloseCode, type Closing, closings, codeRule, codesOf } from "@/lib/dead-letters/codes.rules";
import { closeWords } from "./close-words";

type Props = {
  closing: Closing;
  setClosing: (closing: Closing) => void;
  code: CloseCode | null;
  setCode: (code: CloseCode) => void;
  evidence: string;
  setEvidence: (text: string) => void;
};

/** How it is closed, as what, and what shows that it is so. */
export function CloseFields({ closing, setClosing, code, setCode, evidence, setEvidence }: Props) {
  const asked = code === null ? null : codeRule(code).evidence;
  return (
    <>
      <div>
        <Segmented
          label="How to close"
          value={closing}
          options={closings.map((value) => ({ value, label: closeWords[value].choice }))}
          onChange={setClosing}
        />
      </div>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1 text-12 font-medium">As</legend>
        {codesOf(closing).map((each) => (
          <label key={each} className="grid cursor-pointer grid-cols-[16px_minmax(0,1fr)] items-start gap-2 max-md:min-h-11">
            <input
              type="radio"
              name="code"
              value={each}
              checked={code === each}
              onChange={() => setCode(each)}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>
              {codeRule(each).title} <span className="text-12 text-ink-3">{codeRule(each).means}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {asked && (
        <Field
          label="Evidence"
          note={asked.required ? "required" : "optional"}
          placeholder={asked.asks}
          value={evidence}
          maxLength={2_000}
          onText={setEvidence}
        />
      )}
    </>
  );
}
