"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { type ProofState, proofStates } from "@/lib/proofs/rules";
import type { ProofView } from "@/lib/proofs/views";
import { proofWord } from "@/lib/proofs/words";
import { listed } from "@/lib/words";
import { ProofGrid } from "./proof-grid";
import { ProofTable } from "./proof-table";
import { proofQuery } from "./queries";

/** Whether what was delivered made both sides agree, key by key: delivered is not converged. */
export function ProofPanel({ operationId, ended }: { operationId: string; ended: boolean }) {
  const [state, setState] = useQueryState("proof", parseAsStringLiteral(proofStates));
  const query = useInfiniteQuery(proofQuery(operationId, state, ended));
  return (
    <Loaded query={query} what="The convergence check" waiting={<SkeletonBlock />}>
      {(data) => <Proof pages={data.pages} state={state} setState={setState} more={<ShowMore query={query} />} />}
    </Loaded>
  );
}

type Props = {
  pages: ProofView[];
  state: ProofState | null;
  setState: (state: ProofState | null) => void;
  more: React.ReactNode;
};

function Proof({ pages, state, setState, more }: Props) {
  const view = pages[0]!;
  const rows = pages.flatMap((page) => page.rows);
  return (
    <Panel id="proof">
      <PanelHead
        title="Convergence check"
        note={
          view.compared.length > 0 ? `${listed(view.compared)}, key by key` : "no rule of these zones compares their services"
        }
      />
      <p role="status" className="px-3.5 pt-3 text-ink-2">
        <Sentence parts={view.sentence} />
      </p>
      <ProofGrid counts={view.counts} grid={view.grid} chosen={state} onChoose={setState} />
      <PanelHead
        level={3}
        title={state === null ? "Not converged yet" : proofWord[state]}
        note={state === null && rows.length === 0 ? "no key" : undefined}
        className="border-t border-b-0"
      >
        {state !== null && (
          <Button size="sm" tone="ghost" onClick={() => setState(null)}>
            Show what has not converged
          </Button>
        )}
      </PanelHead>
      {rows.length > 0 && <ProofTable rows={rows} now={view.now} />}
      {more}
    </Panel>
  );
}
