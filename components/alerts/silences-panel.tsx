"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import type { SilenceRow } from "@/lib/alerts/views";
import type { Instant } from "@/lib/time";
import type { ZoneTag } from "@/lib/verdicts/views";
import { requestSilenceEnd } from "./actions";
import { SilenceDialog } from "./dialogs";

type Props = { silences: SilenceRow[]; zones: ZoneTag[]; zoneId: string | null; now: Instant };

/** When nobody is told, and by whose word; with the way to say so. */
export function SilencesPanel({ silences, zones, zoneId, now }: Props) {
  const whyNot = useWhyNot();
  const [asking, setAsking] = useState(false);
  const about = zoneId === null ? zones.map((zone) => zone.zoneId) : [zoneId];
  return (
    <Panel>
      <PanelHead title="Silences and maintenance" note="who is told; never the verdict">
        <Button
          size="sm"
          icon="plus"
          blocked={zoneId === null ? null : whyNot("alert.silence", about)}
          onClick={() => setAsking(true)}
        >
          Silence…
        </Button>
      </PanelHead>
      {silences.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-3">Nothing is silenced, and no maintenance is planned.</p>
      ) : (
        <ul className="py-1.5">
          {silences.map((one) => (
            <Row key={one.silenceId} one={one} now={now} />
          ))}
        </ul>
      )}
      {asking && (
        <SilenceDialog zones={zones} about={{ zoneId, condition: null, cause: null }} onClose={() => setAsking(false)} />
      )}
    </Panel>
  );
}

const stateWord = { planned: "planned", active: "now", over: "over" } as const;

function Row({ one, now }: { one: SilenceRow; now: Instant }) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const ending = useIntent(requestSilenceEnd, {
    onSuccess: () => toast("Ended: alerts are told again"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3.5 py-1.5 text-12">
      <Tag tone={one.state === "active" ? "risk" : undefined}>{stateWord[one.state]}</Tag>
      <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        {one.kind === "silence" ? "Silence" : "Maintenance"} of <b className="font-medium">{one.zone?.title ?? "every zone"}</b>
        {one.condition && (
          <>
            , <code className="mono">{one.condition}</code>
          </>
        )}
        {one.cause && <> of {one.cause}</>}, <When at={one.startsAt} now={now} /> to{" "}
        <When at={one.endedAt ?? one.endsAt} now={now} />
        <span className="block text-ink-3">
          {one.by}: “{one.reason}”{one.endedBy && ` Ended by ${one.endedBy}.`}
        </span>
      </span>
      {one.state !== "over" && (
        <Button
          size="sm"
          busy={ending.isPending && "Ending"}
          blocked={one.zone === null ? null : whyNot("alert.silence", [one.zone.zoneId])}
          onClick={() => ending.mutate({ silenceId: one.silenceId })}
        >
          End now
        </Button>
      )}
    </li>
  );
}
