import type { ReactNode } from "react";
import { Tag } from "@/components/ui/badge";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Table, Td, Th } from "@/components/ui/table";
import { classTitle } from "@/components/zones/words";
import type { Contract } from "@/lib/contracts/rules";
import { windowWords } from "@/lib/time";
import {
  approvalWords,
  atRiskWords,
  migrationWords,
  orderingWords,
  propagationWords,
  reconciliationWords,
  retryWords,
  sagaStepWords,
  sloWords,
} from "./words";

const cell = "align-top py-2 text-12";

function Part({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <Panel>
      <PanelHead title={title} note={note} />
      {children}
    </Panel>
  );
}

const List = ({ items }: { items: ReactNode[] }) => (
  <ul className="space-y-1">
    {items.map((item, i) => (
      <li key={i}>{item}</li>
    ))}
  </ul>
);

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

/** Part 3: what each event means, and whom it obliges. */
export function SemanticsPart({ contract }: { contract: Contract }) {
  const { events, states } = contract.semantics;
  return (
    <Part title="Semantics" note={`order ${orderingWords(contract)}; by ${propagationWords(contract.semantics.propagation)}`}>
      <Table label="Events of the contract" className="min-w-[560px]">
        <thead>
          <tr>
            <Th>Event</Th>
            <Th>From</Th>
            <Th>Obliges</Th>
            <Th>Means</Th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={`${event.from}${event.eventType}`}>
              <Td className={cell}>
                <span className="mono">{event.eventType}</span>
                {event.schema !== null && <span className="text-ink-3"> v{event.schema}</span>}
              </Td>
              <Td className={`${cell} mono`}>{event.from}</Td>
              <Td className={`${cell} mono`}>{event.to.length === 0 ? "nobody" : event.to.join(", ")}</Td>
              <Td className={`${cell} min-w-48 text-ink-2`}>
                {event.means ?? "not written down"}
                {event.derivedFrom.length > 0 && (
                  <span className="block text-ink-3">Only after {event.derivedFrom.join(" and ")}</span>
                )}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {Object.keys(states).length > 0 && (
        <div className="border-t px-3.5 py-3">
          <Facts
            rows={Object.entries(states).map(([thing, transitions]): [string, ReactNode] => [
              `States of ${thing}`,
              <List
                key={thing}
                items={Object.entries(transitions).map(([from, to]) =>
                  to.length === 0 ? `${from}, the end` : `${from} to ${to.join(" or ")}`,
                )}
              />,
            ])}
          />
        </div>
      )}
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
export function AccountabilityPart({ contract }: { contract: Contract }) {
  const { owner, onCall, alerts, runbooks } = contract.accountability;
  return (
    <Part title="Accountability" note={owner}>
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ["Owner", owner],
            ["On call", onCall === null ? "nobody named" : `${onCall.team}, escalates after ${windowWords(onCall.escalationMs)}`],
            [
              "Alerts",
              alerts.length === 0 ? (
                "none"
              ) : (
                <List
                  key="a"
                  items={alerts.map((alert) => (
                    <>
                      <span className="mono">{alert.when.text}</span> to {alert.notify.join(", ")}
                    </>
                  ))}
                />
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
            [
              "Masked",
              contract.masking.length === 0 ? (
                "nothing"
              ) : (
                <span key="m" className="mono">
                  {contract.masking.join(", ")}
                </span>
              ),
            ],
          ]}
        />
      </div>
    </Part>
  );
}
