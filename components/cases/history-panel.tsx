"use client";
import { HistoryList, NoteForm } from "@/components/ui/history";
import type { IconName } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
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
      <HistoryList events={history} now={now} icons={icons} />
      <NoteForm
        blocked={acts.blocked("comment")}
        busy={acts.busy("comment")}
        most={caseLimits.commentMost}
        send={(text, done) => acts.ask({ act: "comment", text }, done)}
      />
    </Panel>
  );
}
