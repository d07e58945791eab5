"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Changes } from "@/components/ui/changes";
import { CopyButton } from "@/components/ui/copy-button";
import { KeyLink } from "@/components/ui/key-link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { EditedView } from "@/lib/operations/views";
import { editedQuery } from "./queries";

/** What the operation changes in its messages before it sends them again, from the item in the address on. */
export function EditedPanel({ operationId }: { operationId: string }) {
  const [item, setItem] = useQueryState("edited", parseAsInteger.withDefault(1));
  const query = useQuery(editedQuery(operationId, item));
  return (
    <Panel id="edited">
      <PanelHead title="What is edited" note="before and after, masked as the messages are">
        {query.data && <CopyButton text={query.data.patch} label="Copy the patch" />}
      </PanelHead>
      <Loaded query={query} what="What is edited" waiting={<SkeletonBlock className="h-40" />}>
        {(view) => (
          <>
            {view.samples.map((sample) => (
              <Sample key={sample.item} sample={sample} />
            ))}
            <div className="flex gap-2.5 border-t px-3.5 py-2 empty:hidden">
              {item > 1 && (
                <Button size="sm" onClick={() => void setItem(1)}>
                  From the first
                </Button>
              )}
              {view.after !== null && (
                <Button size="sm" onClick={() => void setItem(Number(view.after))}>
                  Show the next
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Sample({ sample }: { sample: EditedView["samples"][number] }) {
  const { businessKey, messageId, editedMessageId, texts } = sample;
  return (
    <section className="border-t first:border-t-0" aria-label={`What is edited in ${businessKey || messageId}`}>
      <p className="flex flex-wrap gap-x-3 px-3.5 pt-2.5 text-12 text-ink-2">
        {businessKey && <KeyLink businessKey={businessKey} />}
        <span className="mono [overflow-wrap:anywhere]">
          {messageId} → {editedMessageId}
        </span>
      </p>
      {texts === null ? (
        <p className="px-3.5 py-2.5 text-ink-3">Its payload is kept no longer, or holds by now what may not be shown.</p>
      ) : (
        <Changes
          label={`What changes in ${businessKey || messageId}`}
          before={texts.before}
          after={texts.after}
          folded
          className="max-h-80"
        />
      )}
    </section>
  );
}
