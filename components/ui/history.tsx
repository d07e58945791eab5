"use client";
import { useRef, useState } from "react";
import type { Instant } from "@/lib/time";
import type { Part } from "@/lib/words";
import { BlockedNote } from "./blocked-note";
import { Button } from "./button";
import { Textarea } from "./field";
import { Icon, type IconName } from "./icons";
import { Kbd, SUBMIT_KEYS } from "./kbd";
import { useKeys } from "./keys";
import { Sentence } from "./sentence";
import { submitByKey } from "./submit-key";
import { When } from "./when";

type Told = { n: number; at: Instant; by: string; person: boolean; kind: string; text: Part[] };

/** What happened to something, by whom, the latest first. */
export function HistoryList({ events, now, icons }: { events: Told[]; now: Instant; icons: Record<string, IconName> }) {
  return (
    <ol className="pt-1.5 pb-2.5">
      {events.map((event) => (
        <li key={event.n} className="grid grid-cols-[76px_18px_minmax(0,1fr)] gap-2 px-3.5 py-1.25 text-12">
          <When at={event.at} now={now} className="text-ink-3" />
          <Icon name={icons[event.kind] ?? (event.person ? "user" : "operation")} size={14} className="text-ink-3" />
          <span className="[overflow-wrap:anywhere]">
            <b className="font-medium">{event.by}</b> <Sentence parts={event.text} />
          </span>
        </li>
      ))}
    </ol>
  );
}

type NoteProps = { blocked: string | null; busy: boolean; most: number; send: (text: string, done: () => void) => void };

/** A note of one's own for a history. It is never edited afterwards. */
export function NoteForm({ blocked, busy, most, send }: NoteProps) {
  const [text, setText] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  useKeys({ n: () => area.current?.focus() });
  if (blocked !== null)
    return (
      <div className="px-3.5 pb-3.5">
        <BlockedNote reason={blocked} />
      </div>
    );
  const said = text.trim();
  return (
    <form
      className="px-3.5 pb-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (said !== "") send(said, () => setText(""));
      }}
    >
      <div className="relative">
        <Textarea
          ref={area}
          aria-label="Note"
          rows={1}
          className="min-h-8"
          placeholder="Write a note"
          maxLength={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={submitByKey}
        />
        {text === "" && (
          <span className="pointer-events-none absolute top-1.5 left-24.5">
            <Kbd>n</Kbd>
          </span>
        )}
      </div>
      {said !== "" && (
        <Button type="submit" size="sm" className="mt-2" shortcut={SUBMIT_KEYS} busy={busy && "Writing"}>
          Add the note
        </Button>
      )}
    </form>
  );
}
