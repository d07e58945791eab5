"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useIntent } from "@/components/intent";
import { Loaded } from "@/components/live/loaded";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { percentText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import type { RuleView } from "@/lib/reconciliation/views";
import { type Instant, windowWords } from "@/lib/time";
import { runRule } from "./actions";
import { rulesQuery } from "./queries";

/** How the rules of a zone, or of all, go: when each ran and runs next, how much it compared, how much agrees, and what is wrong with it. */
export function RulesPanel({ zoneId }: { zoneId: string | null }) {
  const query = useQuery(rulesQuery(zoneId));
  if (query.data?.rules.length === 0) return null;
  return (
    <Panel aria-label="Rules" className={zoneId === null ? "mt-4" : "mb-4"}>
      <PanelHead title="Rules" note="compared on their schedule, key by key" />
      <Loaded query={query} what="Rules" waiting={<SkeletonRows rows={2} />}>
        {({ rules, now }) => (
          <Table className="md:min-w-215">
            <thead>
              <tr>
                <Th>Rule</Th>
                <Th>Agrees</Th>
                <Th num className="max-md:hidden">
                  Keys
                </Th>
                <Th num className="max-md:hidden">
                  Open
                </Th>
                <Th num className="max-md:hidden">
                  Being checked
                </Th>
                <Th className="max-md:hidden">Last run, next</Th>
                <Th>
                  <span className="sr-only">Run</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <RuleRow key={`${rule.zone.zoneId}/${rule.rule}`} rule={rule} now={now} withZone={zoneId === null} />
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}

function RuleRow({ rule, now, withZone }: { rule: RuleView; now: Instant; withZone: boolean }) {
  return (
    <tr>
      <Td className="align-top">
        <span className="mono font-medium">{rule.rule}</span>
        {withZone && (
          <Link href={`/zones/${rule.zone.zoneId}/divergences`} className="ml-2 text-12 hover:underline">
            {rule.zone.title}
          </Link>
        )}
        <p className="text-12 text-ink-3">
          {rule.authority.service} <span className="mono">{rule.authority.relation}</span> → {rule.projection.service}{" "}
          <span className="mono">{rule.projection.relation}</span>, every {windowWords(rule.everyMs)}
        </p>
        {rule.error && (
          <p className="v-risk max-w-70ch text-12 text-fg">
            Cannot run since <When at={rule.error.since} now={now} />: {rule.error.message}
          </p>
        )}
        {rule.mass && (
          <p className="v-breach text-12 text-fg">
            Stopped: at least {rule.mass.n.toLocaleString("en-US")} keys differ, of which a sample is looked at.
          </p>
        )}
        {rule.notes.map((note) => (
          <p key={note.side + note.text} className="max-w-70ch text-12 text-ink-3">
            {rule[note.side].service}: {note.text}
          </p>
        ))}
      </Td>
      <Td className="whitespace-nowrap align-top">
        {rule.matched === null || rule.error ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span title={`${rule.matched.n.toLocaleString("en-US")} of ${rule.matched.of.toLocaleString("en-US")} rows`}>
            {percentText(rule.matched.n / rule.matched.of, 3)}
          </span>
        )}
        {rule.coverage !== null && rule.coverage < 1 && (
          <p className="text-12 text-ink-3">of {percentText(rule.coverage)} of the keys</p>
        )}
      </Td>
      <Td num className="align-top max-md:hidden">
        <Count n={rule.keysN} />
      </Td>
      <Td num className="align-top max-md:hidden">
        {rule.mass && <span className="text-ink-3">at least </span>}
        <Count n={rule.openN} className={rule.openN > 0 ? "v-breach font-semibold text-fg" : ""} />
      </Td>
      <Td num className="align-top max-md:hidden">
        <Count n={rule.candidatesN} />
      </Td>
      <Td className="align-top text-12 max-md:hidden">
        <LastRun rule={rule} now={now} />
      </Td>
      <Td num className="align-top">
        <RunButton rule={rule} now={now} />
      </Td>
    </tr>
  );
}

function LastRun({ rule, now }: { rule: RuleView; now: Instant }) {
  return (
    <>
      {rule.ranAt === null ? <span className="text-ink-3">never ran</span> : <LiveAgo at={rule.ranAt} asOf={now} />}
      <p className="text-ink-3">
        {rule.running ? (
          `running: ${rule.running.keysN.toLocaleString("en-US")} keys${rule.running.share === null ? "" : `, about ${percentText(rule.running.share, 0)}`}`
        ) : (
          <>
            next <When at={Math.max(rule.nextRunAt, now)} now={now} />
          </>
        )}
      </p>
    </>
  );
}

function RunButton({ rule, now }: { rule: RuleView; now: Instant }) {
  const client = useQueryClient();
  const blocked = useWhyNot()("rule.run", [rule.zone.zoneId]);
  const mutation = useIntent(runRule, {
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["divergences"] }),
  });
  const waits = mutation.isPending || rule.running !== null || (mutation.isSuccess && rule.nextRunAt <= now && !rule.error);
  return (
    <Button
      size="sm"
      aria-label={`Run ${rule.rule} now`}
      blocked={blocked}
      busy={waits && "Running"}
      onClick={() => !waits && mutation.mutate({ zoneId: rule.zone.zoneId, rule: rule.rule })}
    >
      Run now
    </Button>
  );
}
