"use client";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useRecorded } from "@/components/operations/use-recorded";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { Field } from "@/components/ui/field";
import { LiveAgo } from "@/components/ui/live-age";
import { type CloseCode, type Closing, evidenceProblem } from "@/lib/dead-letters/codes.rules";
import type { PreviewView } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import { previewedIn } from "./actions";
import { askClosing, requestClosing } from "./close-actions";
import { CloseFields } from "./close-fields";
import { CloseOutcomes } from "./close-outcomes";
import { closeWords } from "./close-words";
import { changedWords } from "./forecast-words";
import type { Selection } from "./words";

type Props = { first: Closing; selection: Selection; onClose: () => void };

const words = { again: "Preview again", old: "The preview is older than 2 min.", undone: "Nothing was closed." };

/** What closing by hand would mean, and the way to ask for it: as what, with what evidence, and why. */
export function CloseDialog({ first, selection, onClose }: Props) {
  const [closing, setClosing] = useState(first);
  const [code, setCode] = useState<CloseCode | null>(null);
  const [evidence, setEvidence] = useState("");
  const [ticket, setTicket] = useState("");
  const [word, setWord] = useState("");
  const recorded = useRecorded(onClose);
  const request = useIntent(requestClosing, { onSuccess: (made) => recorded(closeWords[closing].done, made) });
  const choose = (next: Closing) => {
    setClosing(next);
    setCode(null);
  };
  return (
    <PreviewDialog
      preview={{
        queryKey: ["dead-letters", "preview", closing, selection],
        queryFn: () => askClosing(closing, selection),
      }}
      request={request}
      body={(view, why) => ({
        ...{ closing, code, evidence: evidence.trim() || null, reason: why, ticket: ticket.trim() || null },
        ...{ selection: { ...selection, asOf: view.now }, previewed: previewedIn(view) },
      })}
      title={(view) =>
        `${closeWords[closing].title}${view ? `: ${counted(view.messagesN, "parked message")}` : " of parked messages"}`
      }
      note={({ now }) => (
        <>
          Previewed <LiveAgo at={now} asOf={now} /> against what Accord last saw. Every message is checked again when its turn
          comes.
        </>
      )}
      outcomes={(view) => <CloseOutcomes closing={closing} view={view} />}
      changes={changedWords}
      above={(view) => (
        <>
          <CloseFields {...{ closing, code, setCode, evidence, setEvidence }} setClosing={choose} />
          {isFinal(view) && (
            <Field
              label="Its own word"
              note={`there is no way back: type ${closing}`}
              value={word}
              maxLength={20}
              onText={setWord}
            />
          )}
        </>
      )}
      below={<Field label="Ticket" note="optional" value={ticket} maxLength={200} onText={setTicket} />}
      reason={closeWords[closing]}
      words={words}
      confirm={(view) => confirmOf(closing, view, { code, evidence, word })}
      onClose={onClose}
    />
  );
}

/** What cannot be taken back is asked for by its own word. */
const isFinal = ({ closing }: PreviewView): boolean => closing !== null && closing.final.length > 0;

function confirmOf(
  closing: Closing,
  view: PreviewView,
  { code, evidence, word }: { code: CloseCode | null; evidence: string; word: string },
) {
  const { messagesN, approvals } = view;
  const four = approvals > 0;
  const { confirm, busy } = closeWords[closing];
  return {
    words: four ? "Ask for approval" : `${confirm} ${messagesN.toLocaleString("en-US")}`,
    busy: four ? "Asking" : busy,
    danger: closing === "discard",
    nothing:
      messagesN === 0
        ? "There is nothing left to close."
        : code === null
          ? "Say as what it is closed."
          : (evidenceProblem(code, evidence) ??
            (isFinal(view) && word.trim().toLowerCase() !== closing ? `Type ${closing}: there is no way back.` : null)),
    note: four
      ? `It needs ${approvals === 1 ? "a second person" : `${approvals} more people`}: nothing happens before it is approved, for 24 h at most.`
      : null,
  };
}
