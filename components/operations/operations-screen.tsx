"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Page } from "@/components/shell/page";
import { Tag } from "@/components/ui/badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Loaded } from "@/components/ui/loaded";
import { Panel } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { OperationRow } from "@/lib/operations/views";
import type { Instant } from "@/lib/time";
import { counted, type Part, plain, strong } from "@/lib/words";
import { OperationGlyph } from "./operation-glyph";
import { OutcomeBar } from "./outcome-bar";
import { operationsQuery } from "./queries";
import { operationHref, operationName, progressWords, stateWord } from "./words";

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
                <List operations={operations} now={data.pages[0]!.now} />
                {query.hasNextPage && (
                  <div className="border-t px-3.5 py-2">
                    <Button size="sm" busy={query.isFetchingNextPage && "Loading"} onClick={() => query.fetchNextPage()}>
                      Show more
                    </Button>
                  </div>
                )}
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
  return [
    strong(lead),
    ...(paused > 0
      ? [plain(` ${paused} ${paused === 1 ? "is" : "are"} paused and ${paused === 1 ? "waits" : "wait"} for somebody.`)]
      : []),
  ];
}

function List({ operations, now }: { operations: OperationRow[]; now: Instant }) {
  const router = useRouter();
  const cursor = useRowCursor(
    operations.map((operation) => operation.operationId),
    (id) => router.push(operationHref(id)),
  );
  return (
    <Table className="md:min-w-[860px]">
      <thead>
        <tr>
          <Th>Operation</Th>
          <Th className="w-[280px] max-md:hidden">Outcomes</Th>
          <Th className="max-md:hidden">Zones</Th>
          <Th className="max-md:hidden">Asked by</Th>
          <Th num>When</Th>
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => (
          <Row key={operation.operationId} operation={operation} now={now} atCursor={cursor.id === operation.operationId} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ operation, now, atCursor }: { operation: OperationRow; now: Instant; atCursor: boolean }) {
  const router = useRouter();
  const href = operationHref(operation.operationId);
  return (
    <tr
      data-row={operation.operationId}
      onClick={() => router.push(href)}
      className={cn("cursor-pointer hover:bg-hover", atCursor && "bg-selected")}
    >
      <Td className={cn("h-[58px]", atCursor && "shadow-[inset_2px_0_0_var(--accent-fill)]")}>
        <div className="flex items-start gap-2.5">
          <OperationGlyph state={operation.state} counts={operation.counts} className="mt-0.5" />
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-2">
              <Link href={href} onClick={(event) => event.stopPropagation()} className="font-semibold hover:underline">
                {operation.title}
              </Link>
              <Tag code>{operationName(operation.operationId)}</Tag>
            </div>
            <p className="line-clamp-1 max-w-[60ch] text-12 text-ink-3" title={operation.reason}>
              {operation.ticket && `${operation.ticket}: `}
              {operation.reason}
            </p>
            <p className="text-12 text-ink-3 md:hidden">
              {stateWord[operation.state]}, {progressWords(operation.counts)}
            </p>
          </div>
        </div>
      </Td>
      <Td className="max-md:hidden">
        <OutcomeBar counts={operation.counts} thin />
        <p className="mt-1 text-12 text-ink-2">
          {stateWord[operation.state]}, {progressWords(operation.counts)}
        </p>
      </Td>
      <Td className="max-md:hidden">
        {operation.zones.map((zone) => (
          <span key={zone.zoneId} className="flex items-center gap-1.5 whitespace-nowrap text-12">
            <VerdictGlyph verdict={zone.verdict} size={14} labelled />
            {zone.title}
          </span>
        ))}
        {operation.zones.length === 0 && <span className="text-12 text-ink-3">no contract</span>}
      </Td>
      <Td className="whitespace-nowrap text-12 max-md:hidden">{operation.requestedBy}</Td>
      <Td num className="text-12 text-ink-3">
        <When at={operation.requestedAt} now={now} />
      </Td>
    </tr>
  );
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
