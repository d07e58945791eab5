import type { ReactNode } from "react";
import { Tag } from "@/components/ui/badge";
import { Facts } from "@/components/ui/panel";
import { classTitle } from "@/components/zones/words";
import { insteadOf } from "@/lib/contracts/not-in-force.rules";
import type { Contract } from "@/lib/contracts/rules";
import { keptWords } from "@/lib/dead-letters/kept-words";
import type { MaskingSeen } from "@/lib/dead-letters/views";
import { windowWords } from "@/lib/time";
import { List, NotInForce, Part, Unmatched } from "./part";
import {
  approvalWords,
  atRiskWords,
  migrationWords,
  reconciliationWords,
  retryWords,
  sagaStepWords,
  sloWords,
  unmatchedWords,
} from "./words";

/** Part 1: who owns which truth; during a move, from whom to whom. */
export function FactsPart({ contract }: { contract: Contract }) {
  const moves = contract.migration.filter((move) => move.kind === "fact");
  const couplings = contract.migration.filter((move) => move.kind === "coupling");
  return (
    <Part title="Authoritative facts" note="each owned by one source">
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ...contract.facts.map((fact): [string, ReactNode] => [
              fact.fact,
              <span key={fact.fact}>
                <span className="mono">{fact.authority}</span>
                {moves
                  .filter((move) => move.fact === fact.fact)
                  .map((move) => (
                    <Tag key={move.from} tone="risk" className="ml-2">
                      moves from {migrationWords(move)}
                    </Tag>
                  ))}
              </span>,
            ]),
            ...couplings.map((coupling): [string, ReactNode] => [
              "Coupling",
              `${coupling.coupling.replace(/\.$/, "")}, to be removed by ${coupling.removeBy}${coupling.owner ? `, ${coupling.owner}` : ""}`,
            ]),
          ]}
        />
      </div>
    </Part>
  );
}

/** Part 2: how soon the services agree. */
export function ExpectationPart({ contract }: { contract: Contract }) {
  const { expectation, businessKey } = contract;
  return (
    <Part title="Consistency expectation" note={`per ${businessKey.name}`}>
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ["Class", classTitle(expectation.class)],
            ["Window", windowWords(expectation.windowMs)],
            ["At risk", atRiskWords(expectation.atRisk)],
            ["Promise", sloWords(expectation.slo)],
            [
              "Business key",
              <span key="k">
                {businessKey.name} {businessKey.pattern && <span className="mono text-ink-2">{businessKey.pattern}</span>}
              </span>,
            ],
          ]}
        />
      </div>
    </Part>
  );
}

/** Part 4: what is undone, compared and repaired. */
export function RecoveryPart({ contract }: { contract: Contract }) {
  const { recovery } = contract;
  return (
    <Part title="Compensation and reconciliation" note={`retry: ${retryWords(recovery.retry)}`}>
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ...recovery.sagas.map((saga): [string, ReactNode] => [
              `Saga ${saga.sagaType}`,
              <div key={saga.sagaType}>
                within {windowWords(saga.deadlineMs)}
                <List items={sagaStepWords(saga)} />
              </div>,
            ]),
            ...recovery.reconciliation.map((rule): [string, ReactNode] => [`Rule ${rule.rule}`, reconciliationWords(rule)]),
            ...(recovery.reconciliation.length === 0 ? [["Comparisons", "none"] as [string, ReactNode]] : []),
            ["Cases", `due after ${windowWords(recovery.cases.dueMs)}`],
            ["Approvals", approvalWords(recovery.approvals)],
          ]}
        />
      </div>
    </Part>
  );
}

/** Part 5: who answers for it. */
export function AccountabilityPart({
  contract,
  masking,
  channels,
}: {
  contract: Contract;
  masking: MaskingSeen;
  channels: readonly string[];
}) {
  const { owner, onCall, alerts, runbooks } = contract.accountability;
  return (
    <Part title="Accountability" note={owner}>
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ["Owner", owner],
            [
              "On call",
              onCall === null ? (
                "nobody named"
              ) : (
                <span key="o">
                  {onCall.team}, escalates after {windowWords(onCall.escalationMs)}
                  <NotInForce>{insteadOf(contract, "escalation", channels)}</NotInForce>
                </span>
              ),
            ],
            [
              "Alerts",
              alerts.length === 0 ? (
                "none"
              ) : (
                <div key="a">
                  <List
                    items={alerts.map((alert) => (
                      <>
                        <span className="mono">{alert.when.text}</span> to {alert.notify.join(", ")}
                      </>
                    ))}
                  />
                  <NotInForce>{insteadOf(contract, "alerts", channels)}</NotInForce>
                </div>
              ),
            ],
            [
              "Runbooks",
              runbooks.length === 0 ? (
                "none"
              ) : (
                <List
                  key="r"
                  items={runbooks.map((runbook) => (
                    <>
                      {runbook.title} <span className="text-ink-3">when {runbook.when.text}</span>
                    </>
                  ))}
                />
              ),
            ],
            ["Payloads", contract.payloads ? `kept for ${keptWords(contract.payloads.keepMs)}` : "kept as long as the message"],
            [
              "Masked",
              contract.masking.length === 0 ? (
                "nothing"
              ) : (
                <List
                  key="m"
                  items={masking.paths.map((one) => (
                    <>
                      <span className="mono">{one.path}</span>
                      <Unmatched>{unmatchedWords(one, masking)}</Unmatched>
                    </>
                  ))}
                />
              ),
            ],
          ]}
        />
      </div>
    </Part>
  );
}
