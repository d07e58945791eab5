"use client";
import { useEffect, useState } from "react";
import { useIntent } from "@/components/intent";
import { useRecorded } from "@/components/operations/use-recorded";
import { PreviewDialog } from "@/components/preview/preview-dialog";
import { Field } from "@/components/ui/field";
import { LiveAgo } from "@/components/ui/live-age";
import { writeJson } from "@/lib/json";
import { limits } from "@/lib/operations/rules";
import type { EditView } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import { askEdit, type EditAsked, requestEdit } from "./actions";
import { EditEditor, type EditText } from "./edit-editor";
import { EditOutcomes } from "./edit-outcomes";
import { derivedPatch, type Edited, writtenPatch } from "./edit-text";
import { PlanFields } from "./plan-fields";
import { confirmWords, planIn, planText } from "./plan-text";
import type { Selection } from "./words";

// While somebody writes nothing is asked; as soon as they rest it is.
const REST_MS = 400;
const NO_PATCH = "[]";

const reason = {
  least: limits.reasonLengthMin,
  short: "Say why the messages are edited.",
  placeholder: "What is wrong in them, and who said what is right?",
};
const words = { again: "Preview again", old: "The preview is older than 2 min.", undone: "Nothing was sent." };

/** Another payload for messages that cannot be processed as they are: written, held against the schema, seen as a diff, and sent. */
export function EditDialog({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const [ticket, setTicket] = useState("");
  const [plan, setPlan] = useState(planText);
  const [begun, setBegun] = useState<{ shown: unknown; text: EditText } | null>(null);
  const begin = ({ first }: EditView) => {
    const payload = first ? writeJson(first.payload, 2) : "";
    return { shown: first?.payload, text: { mode: first ? "payload" : "patch", payload, patch: NO_PATCH } as EditText };
  };
  const edited: Edited = begun ? editedOf(begun) : { patch: NO_PATCH, problem: null };
  const patch = useRested(edited.patch, REST_MS) ?? NO_PATCH;
  const recorded = useRecorded(onClose);
  const request = useIntent(requestEdit, { onSuccess: (made) => recorded("Edit and retry", made) });
  return (
    <PreviewDialog
      preview={{
        queryKey: ["dead-letters", "edit", selection, patch],
        queryFn: () => askEdit(selection, patch),
      }}
      kept
      request={request}
      body={(view, why) => ({
        ...{ selection: { ...selection, asOf: view.now }, previewed: { at: view.now, messagesN: view.edit.changeN } },
        ...{ patch: view.patch, reason: why, ticket: ticket.trim() || null },
        plan: planIn(plan, view.edit.changeN).plan,
      })}
      title={(view) => (view ? `Edit and retry ${counted(view.messagesN, "parked message")}` : "Edit and retry")}
      note={({ now }) => (
        <>
          Worked out <LiveAgo at={now} asOf={now} /> for every message. Each is worked out again in its own row when its turn
          comes.
        </>
      )}
      outcomes={(view) => (
        <>
          <EditEditor
            text={(begun ?? begin(view.edit)).text}
            edited={edited}
            edit={view.edit}
            many={view.messagesN > 1}
            onText={(text) => setBegun({ ...(begun ?? begin(view.edit)), text })}
          />
          <EditOutcomes view={view} />
        </>
      )}
      above={(view) => (
        <PlanFields text={plan} itemsN={view.edit.changeN || view.messagesN} rates={view.rates} onChange={setPlan} />
      )}
      below={<Field label="Ticket" note="optional" value={ticket} maxLength={200} onText={setTicket} />}
      reason={reason}
      words={words}
      confirm={(view) => confirmOf(view, edited, planIn(plan, view.edit.changeN))}
      onClose={onClose}
    />
  );
}

const editedOf = ({ shown, text }: { shown: unknown; text: EditText }): Edited =>
  text.mode === "payload" ? derivedPatch(shown, text.payload) : writtenPatch(text.patch);

function confirmOf(view: EditAsked, edited: Edited, { plan, problem }: ReturnType<typeof planIn>) {
  const { changeN, misfitN, problem: wrong } = view.edit;
  const four = view.approvals > 0;
  const nothing =
    edited.problem ??
    (edited.patch !== view.patch ? "What you wrote is being worked out." : null) ??
    wrong ??
    (changeN > 0 ? problem : misfitN > 0 ? "No message takes this edit." : "Nothing is edited yet.");
  return {
    words: four ? "Ask for approval" : confirmWords("Edit and retry", changeN, plan),
    busy: four ? "Asking" : "Sending",
    nothing,
    note: four
      ? `It needs ${view.approvals === 1 ? "a second person, who sees" : `${view.approvals} more people, who see`} what changes: nothing happens before it is approved, for 24 h at most.`
      : null,
  };
}

/** A value once it has stood for so long; what is null leaves the one before. */
function useRested<T>(value: T | null, ms: number): T | null {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (value === null) return;
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
