"use client";
import { DiffTable, useShownFields } from "@/components/reconciliation/diff-table";
import { RecheckButton } from "@/components/reconciliation/recheck-button";
import { LiveAgo } from "@/components/ui/live-age";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import type { CaseCause } from "@/lib/cases/views";

/** What the case is about: both sides of a difference, or the facts of its group or saga. */
export function CausePanel({ cause, zoneId }: { cause: CaseCause; zoneId: string }) {
  if (cause.kind === "difference") return <Difference cause={cause} zoneId={zoneId} />;
  return (
    <Panel>
      <PanelHead title="What is wrong" />
      <div className="px-3.5 py-3">
        <Facts rows={cause.rows.map(({ term, value }) => [term, <Sentence key={term} parts={value} />])} />
      </div>
    </Panel>
  );
}

function Difference({ cause, zoneId }: { cause: CaseCause & { kind: "difference" }; zoneId: string }) {
  const { fields, choice, differingN } = useShownFields(cause.fields);
  return (
    <Panel>
      <PanelHead
        title="What differs"
        note={
          <>
            {differingN} of {cause.fields.length} fields, looked at <LiveAgo at={cause.checkedAt} asOf={cause.asOf} />
          </>
        }
      >
        {choice}
        <RecheckButton divergenceId={cause.divergenceId} zoneId={zoneId} lastSeenAt={cause.checkedAt} settled={cause.settled} />
      </PanelHead>
      <DiffTable
        fields={fields}
        authority={{ service: cause.authority, note: "" }}
        projection={{ service: cause.projection, note: "" }}
        kind={cause.differs}
      />
    </Panel>
  );
}
