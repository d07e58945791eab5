"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { OperationRow } from "@/lib/operations/views";
import { counted, type Part, plain, strong } from "@/lib/words";
import { OperationTable } from "./operation-table";
import { operationsQuery } from "./queries";

/** Everything that people asked for, newest first. */
export function OperationsScreen() {
  const query = useInfiniteQuery(operationsQuery());
  return (
    <Page crumbs={[{ label: "Operations" }]}>
      <Loaded
        query={query}
        what="Operations"
        headline
        waiting={
          <Panel className="mt-12">
            <SkeletonRows rows={6} />
          </Panel>
        }
        empty={(data) => (data.pages[0]?.operations.length === 0 ? <Nothing /> : null)}
      >
        {(data) => {
          const operations = data.pages.flatMap((page) => page.operations);
          return (
            <>
              <LeadSentence parts={operationsSentence(operations)} className="mb-3.5" />
              <Panel aria-label="Operations">
                <OperationTable operations={operations} now={data.pages[0]!.now} />
                <ShowMore query={query} />
              </Panel>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** What runs now, and what waits for somebody. */
function operationsSentence(operations: OperationRow[]): Part[] {
  const running = operations.filter((operation) => operation.state === "running").length;
  const paused = operations.filter((operation) => operation.state === "paused").length;
  const lead =
    running === 0
      ? "Nothing is being retried or discarded."
      : `${counted(running, "operation")} ${running === 1 ? "is" : "are"} running.`;
  const awaiting = operations.filter((operation) => operation.state === "awaiting").length;
  return [
    strong(lead),
    ...(awaiting > 0 ? [plain(` ${awaiting} ${awaiting === 1 ? "waits" : "wait"} for a second person.`)] : []),
    ...(paused > 0
      ? [plain(` ${paused} ${paused === 1 ? "is" : "are"} paused and ${paused === 1 ? "waits" : "wait"} for somebody.`)]
      : []),
  ];
}

const Nothing = () => (
  <Panel>
    <Empty
      kind="first-use"
      headline
      icon="operation"
      title="Nobody has retried or discarded anything yet"
      actions={
        <ButtonLink href="/dead-letters" size="sm">
          See dead letters
        </ButtonLink>
      }
    >
      A retry starts from a group of dead letters, shows here how each message ended, and stays as a record.
    </Empty>
  </Panel>
);
