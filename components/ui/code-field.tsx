"use client";
import { type KeyboardEvent, type Ref, useId } from "react";
import { cn } from "./cn";

type Props = {
  label: string;
  note?: string;
  value: string;
  /** Lines with something wrong in them. */
  wrong: ReadonlySet<number>;
  describedBy: string;
  onText: (text: string) => void;
  box?: Ref<HTMLTextAreaElement>;
};

const type = "font-mono text-12 leading-4.5 max-md:text-16 max-md:leading-6";

/** A text of code to write in, with its lines numbered. Tab leaves it, as it leaves every other box. */
export function CodeField({ label, note, value, wrong, describedBy, onText, box }: Props) {
  const id = useId();
  const lines = value.split("\n");
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-12 font-medium">
        {label} {note && <span className="font-normal text-ink-3">{note}</span>}
      </label>
      <div
        className={cn(
          "flex max-h-100 min-h-32 overflow-y-auto rounded-control border border-line-control bg-sunken focus-within:outline-2 focus-within:outline-accent",
          wrong.size > 0 && "border-breach-fill",
        )}
      >
        <div aria-hidden="true" className={cn("flex-none py-2 select-none", type)}>
          {lines.map((_, i) => (
            <div
              key={i}
              className={cn("px-2 text-right text-ink-3", wrong.has(i + 1) && "bg-breach-tint font-semibold text-breach-fg")}
            >
              {i + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={box}
          id={id}
          value={value}
          rows={lines.length}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={wrong.size > 0}
          aria-describedby={describedBy}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={indented}
          className={cn(
            "h-fit min-h-full min-w-0 flex-1 resize-none overflow-y-hidden bg-transparent py-2 pr-2 outline-none",
            type,
          )}
        />
      </div>
    </div>
  );
}

/** Enter begins the next line where this one began. */
function indented(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || event.metaKey || event.ctrlKey || event.shiftKey || event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const indent = /^[ \t]*/.exec(value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart))?.[0] ?? "";
  if (indent === "") return;
  event.preventDefault();
  // As if it were typed, so that it can be undone.
  document.execCommand("insertText", false, `\n${indent}`);
}
