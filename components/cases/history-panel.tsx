"use client";
import { useRef, useState } from "react";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/field";
import { Icon, type IconName } from "@/components/ui/icons";
import { Kbd, SUBMIT_KEYS } from "@/components/ui/kbd";
import { useKeys } from "@/components/ui/keys";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { submitByKey } from "@/components/ui/submit-key";
import { When } from "@/components/ui/when";
import { caseLimits } from "@/lib/cases/rules";
import type { CaseView } from "@/lib/cases/views";
import type { CaseActs } from "./use-case";

const icons: Record<string, IconName> = {
  gone: "differs",
  returned: "differs",
  opened: "case",
  reopened: "case",
  asked: "shield",
};

/** What happened to the case, the latest first, and a note of one's own. Nothing of it is ever edited. */
export function HistoryPanel({ view, acts }: { view: CaseView; acts: CaseActs }) {
  const { one, history, now } = view;
  return (
    <Panel>
      <PanelHead title="History" note="cannot be edited">
        {one.businessKey !== null && (
          <Link href={`/keys/${encodeURIComponent(one.businessKey)}`} className="link text-12">
            Open all of {one.businessKey}
          </Link>
        )}
      </PanelHead>
      <ol className="pt-1.5 pb-2.5">
        {history.map((event) => (
          <li key={event.n} className="grid grid-cols-[76px_18px_minmax(0,1fr)] gap-2 px-3.5 py-1.25 text-12">
            <When at={event.at} now={now} className="text-ink-3" />
            <Icon name={icons[event.kind] ?? (event.person ? "user" : "operation")} size={14} className="text-ink-3" />
            <span className="[overflow-wrap:anywhere]">
              <b className="font-medium">{event.by}</b> <Sentence parts={event.text} />
            </span>
          </li>
        ))}
      </ol>
      <Note acts={acts} />
    </Panel>
  );
}

function Note({ acts }: { acts: CaseActs }) {
  const [text, setText] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  useKeys({ n: () => area.current?.focus() });
  const blocked = acts.blocked("comment");
  if (blocked !== null)
    return (
      <div className="px-3.5 pb-3.5">
        <BlockedNote reason={blocked} />
      </div>
    );
  const send = () => {
    const said = text.trim();
    if (said !== "") acts.ask({ act: "comment", text: said }, () => setText(""));
  };
  return (
    <form
      className="px-3.5 pb-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="relative">
        <Textarea
          ref={area}
          aria-label="Note"
          rows={1}
          className="min-h-8"
          placeholder="Write a note"
          maxLength={caseLimits.commentMost}
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
      {text.trim() !== "" && (
        <Button type="submit" size="sm" className="mt-2" shortcut={SUBMIT_KEYS} busy={acts.busy("comment") && "Writing"}>
          Add the note
        </Button>
      )}
    </form>
  );
}
