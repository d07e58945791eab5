"use client";
import { useRef } from "react";
import { CodeField } from "@/components/ui/code-field";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Segmented } from "@/components/ui/segmented";
import type { EditView } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import type { Edited } from "./edit-text";
import { lineOf, linesOf } from "./json-places";

export type EditText = { mode: "payload" | "patch"; payload: string; patch: string };

type Props = { text: EditText; edited: Edited; edit: EditView; many: boolean; onText: (text: EditText) => void };
/** One thing that is wrong: in a line of the box, in a message, and in how many more alike. */
type Found = { line: number | null; message: string | null; moreN: number; words: string };

const PROBLEMS = "edit-problems";

/** What somebody writes, and below it everything that is wrong with it, each with its line or its message. */
export function EditEditor({ text, edited, edit, many, onText }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const { first } = edit;
  const found = foundIn(text, edited, edit);
  const toLine = (line: number) => {
    const start =
      text[text.mode]
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    box.current?.focus();
    box.current?.setSelectionRange(start, start);
  };
  return (
    <>
      {first && (
        <div className="mb-2.5">
          <Segmented
            label="Write"
            value={text.mode}
            options={[
              { value: "payload", label: many ? "A payload of them" : "The payload" },
              { value: "patch", label: "The patch" },
            ]}
            onChange={(mode) =>
              onText({ ...text, mode, ...(mode === "patch" && edited.patch !== null && { patch: edited.patch }) })
            }
          />
        </div>
      )}
      <CodeField
        box={box}
        label={text.mode === "payload" ? `Payload of ${first?.businessKey ?? "the message"}` : "JSON Patch (RFC 6902)"}
        note={text.mode === "payload" && many ? "what you change here is changed in all" : undefined}
        value={text[text.mode]}
        wrong={new Set(found.flatMap(({ line }) => line ?? []))}
        describedBy={PROBLEMS}
        onText={(value) => onText({ ...text, [text.mode]: value })}
      />
      <ul id={PROBLEMS} aria-live="polite" className="mt-1.5 flex flex-col gap-1 text-12 text-breach-fg empty:hidden">
        {found.map(({ line, message, moreN, words }) => (
          <li key={words} className="flex gap-1.25">
            <Icon name="x" size={12} className="mt-0.5 flex-none" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {line !== null && (
                <button type="button" className="link mr-1" onClick={() => toLine(line)}>
                  Line {line}
                </button>
              )}
              {message !== null && (
                <Link href={`/dead-letters/messages/${encodeURIComponent(message)}`} className="link mr-1">
                  Message {message}
                </Link>
              )}
              {words}
              {moreN > 0 && <span className="text-ink-2"> And in {counted(moreN, "more message", "more messages")}.</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The text's own fault first; else what the server found, with a line where it is about the payload in the box, and once however many it is true of. */
function foundIn(text: EditText, edited: Edited, edit: EditView): Found[] {
  const only = (words: string, line: number | null = null): Found[] => [{ line, message: null, moreN: 0, words }];
  if (edited.patch === null) return only("is no JSON yet.", edited.line);
  if (edit.problem !== null) return only(edit.problem);
  const lines = text.mode === "payload" ? linesOf(text.payload) : null;
  const found = new Map<string, Found>();
  for (const { id, misfits } of edit.misfits)
    for (const { at, why } of misfits) {
      const words = `${at === "" ? "The payload" : at} ${why}.`;
      const own = lines !== null && id === edit.first?.id;
      const before = found.get(words);
      if (before) before.moreN++;
      else found.set(words, { line: own ? lineOf(lines, at) : null, message: own ? null : id, moreN: 0, words });
    }
  return [...found.values()];
}
