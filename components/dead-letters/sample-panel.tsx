"use client";
import { type ReactNode, useState } from "react";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { JsonView } from "@/components/ui/json-view";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { When } from "@/components/ui/when";
import { bytesWords, isElsewhere, missingWords } from "@/lib/dead-letters/kept-words";
import type { MessageView } from "@/lib/dead-letters/views";
import { writeJson } from "@/lib/json";
import { Attempts } from "./attempts";
import { RevealDialog } from "./dialogs";
import { usePayload } from "./use-payload";

type Shown = "payload" | "headers";

/** What the message carries, masked at the server, beside how often it was tried. */
export function SamplePanel({ view, title, note }: { view: MessageView; title: string; note?: ReactNode }) {
  const [shown, setShown] = useState<Shown>("payload");
  const [asking, setAsking] = useState(false);
  const whyNot = useWhyNot();
  const payload = usePayload(view);
  const value = payload.shown[shown];
  const { id } = view.message;
  const revealed = payload.revealedUntil !== null;
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
        {view.maskedN > 0 && !revealed && (
          <Button
            size="sm"
            blocked={whyNot(
              "dead_letter.reveal",
              view.group.zones.map((zone) => zone.zoneId),
            )}
            onClick={() => setAsking(true)}
          >
            Reveal
          </Button>
        )}
        <CopyButton text={value === undefined ? "" : writeJson(value, 2)} label={`Copy the ${shown}`} />
      </PanelHead>
      {payload.revealedUntil !== null && (
        <p role="status" className="v-risk flex items-center gap-2 border-b bg-tint px-3.5 py-1.5 text-12">
          <span className="flex-1">
            Revealed: hidden again at <When at={payload.revealedUntil} now={view.now} as="clock" />. Your reason is in the audit.
          </span>
          <Button size="sm" onClick={payload.hide}>
            Hide
          </Button>
        </p>
      )}
      <div className="grid grid-cols-1 sm:grid-cols-[minmax(0,1fr)_250px]">
        <div className="min-w-0">
          {value === null || value === undefined ? (
            <Missing view={view} part={shown} payload={payload} />
          ) : (
            <JsonView value={value} label={shown === "payload" ? "Payload" : "Headers"} />
          )}
        </div>
        <div className="border-l max-sm:border-t max-sm:border-l-0">
          <Attempts view={view} />
        </div>
      </div>
      {asking && (
        <RevealDialog
          id={id}
          onRevealed={(got) => {
            setAsking(false);
            payload.reveal(got);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}

type MissingProps = { view: MessageView; part: Shown; payload: ReturnType<typeof usePayload> };

/** Why a part is not there, and the way to it where its source may have it still. */
function Missing({ view, part, payload }: MissingProps) {
  return (
    <div className="px-3.5 py-4 text-ink-3">
      <p>{missingWords(view, part)}</p>
      {isElsewhere(view) && payload.shown === view && (
        <Button size="sm" className="mt-2.5" busy={payload.loading && "Loading"} onClick={() => void payload.load()}>
          Load {bytesWords(view.payloadBytes)}
        </Button>
      )}
      {payload.failed && (
        <p role="alert" className="mt-2 text-12 text-breach-fg">
          {payload.failed}
        </p>
      )}
    </div>
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
