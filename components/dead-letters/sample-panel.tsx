"use client";
import { type ReactNode, useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { JsonView } from "@/components/ui/json-view";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { missingWords } from "@/lib/dead-letters/kept-words";
import type { MessageView } from "@/lib/dead-letters/views";
import { writeJson } from "@/lib/json";
import { Attempts } from "./attempts";

type Shown = "payload" | "headers";

/** What the message carries, masked at the server, beside how often it was tried. */
export function SamplePanel({ view, title, note }: { view: MessageView; title: string; note?: ReactNode }) {
  const [shown, setShown] = useState<Shown>("payload");
  const value = view[shown];
  return (
    <Panel>
      <PanelHead title={title} note={note}>
        <Segmented
          label="Part of the message"
          value={shown}
          onChange={setShown}
          options={[
            { value: "payload", label: "Payload" },
            { value: "headers", label: "Headers" },
          ]}
        />
        <CopyButton text={value === undefined ? "" : writeJson(value, 2)} label={`Copy the ${shown}`} />
      </PanelHead>
      <div className="grid grid-cols-1 sm:grid-cols-[minmax(0,1fr)_250px]">
        <div className="min-w-0">
          {value === null || value === undefined ? (
            <p className="px-3.5 py-4 text-ink-3">{missingWords(view, shown)}</p>
          ) : (
            <JsonView value={value} label={shown === "payload" ? "Payload" : "Headers"} />
          )}
        </div>
        <div className="border-l max-sm:border-t max-sm:border-l-0">
          <Attempts view={view} />
        </div>
      </div>
    </Panel>
  );
}

/** The key of a message as the way to the message. */
const messageHref = (id: string): string => `/dead-letters/messages/${encodeURIComponent(id)}`;

export function MessageLink({ id, businessKey, messageId }: { id: string; businessKey: string | null; messageId: string }) {
  return (
    <Link href={messageHref(id)} className="link mono">
      {businessKey ?? messageId.slice(0, 13)}
    </Link>
  );
}
