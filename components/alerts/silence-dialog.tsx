"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { useIntent } from "@/components/intent";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { ZoneField } from "@/components/ui/zone-select";
import { silenceLimits } from "@/lib/alerts/silence.rules";
import { hours } from "@/lib/time";
import type { ZoneTag } from "@/lib/verdicts/views";
import { requestSilence } from "./actions";

type About = { zoneId: string | null; condition: string | null; cause: string | null };
type Props = { zones: ZoneTag[]; about: About; onClose: () => void };

const spans = ["1", "4", "24", "until"] as const;
type Span = (typeof spans)[number];
const spanWord: Record<Span, string> = { "1": "1 hour", "4": "4 hours", "24": "1 day", until: "Until…" };

// What a box for date and time holds is the viewer's own time.
const momentOf = (text: string): number | null => (text === "" ? null : new Date(text).getTime());

/** What is asked of who lets nobody be told: of what, from when, until when, and why. */
export function SilenceDialog({ zones, about, onClose }: Props) {
  const client = useQueryClient();
  const [zoneId, setZoneId] = useState(about.zoneId);
  const [kind, setKind] = useState<"silence" | "maintenance">("silence");
  const [span, setSpan] = useState<Span>("1");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const mutation = useIntent(requestSilence, {
    onSuccess: () => {
      toast(kind === "silence" ? "Nobody is told until then" : "The maintenance is planned");
      client.invalidateQueries({ queryKey: ["alerts"] });
      onClose();
    },
  });
  const planned = kind === "maintenance";
  const dated = planned || span === "until";
  const wrong = {
    from: planned && momentOf(from) === null ? "Say when it begins." : null,
    until: dated && momentOf(until) === null ? "Say when it ends." : null,
    reason:
      reason.trim().length < silenceLimits.reasonLeast ? `Say why, in at least ${silenceLimits.reasonLeast} characters.` : null,
  };
  const submit = () => {
    setTried(true);
    if (wrong.from || wrong.until || wrong.reason || mutation.isPending) return;
    const startsAt = planned ? momentOf(from) : null;
    const endsAt = dated ? momentOf(until)! : Date.now() + hours(Number(span));
    mutation.mutate({ kind, ...about, zoneId, startsAt, endsAt, reason: reason.trim() });
  };
  return (
    <FormDialog
      title={planned ? "Plan maintenance" : "Silence alerts"}
      submit={{ words: planned ? "Plan it" : "Silence", busy: mutation.isPending && "Sending" }}
      error={mutation.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-12 text-ink-2">
        Alerts are raised and shown as ever, and verdicts stay what they are: only nobody is told. What still stands afterwards is
        told then.
      </p>
      {about.condition && (
        <p className="text-12 [overflow-wrap:anywhere]">
          Of <code className="mono">{about.condition}</code>
          {about.cause && `, ${about.cause}`}
        </p>
      )}
      {about.zoneId === null && <ZoneField zones={zones} value={zoneId} onChange={setZoneId} all="Every zone" />}
      <Choice label="When">
        <Segmented
          label="When"
          value={kind}
          onChange={setKind}
          options={[
            { value: "silence", label: "From now" },
            { value: "maintenance", label: "Planned ahead" },
          ]}
        />
      </Choice>
      {planned ? (
        <Field label="Begins" type="datetime-local" value={from} error={tried ? wrong.from : null} onText={setFrom} />
      ) : (
        <Choice label="For">
          <Segmented
            label="For"
            value={span}
            onChange={setSpan}
            options={spans.map((value) => ({ value, label: spanWord[value] }))}
          />
        </Choice>
      )}
      {dated && <Field label="Ends" type="datetime-local" value={until} error={tried ? wrong.until : null} onText={setUntil} />}
      <Field
        rows={2}
        label="Reason"
        note="required, shown beside every alert that it is about"
        value={reason}
        maxLength={silenceLimits.reasonMost}
        error={tried ? wrong.reason : null}
        onText={setReason}
      />
    </FormDialog>
  );
}
