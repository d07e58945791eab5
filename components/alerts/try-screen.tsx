"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { Page } from "@/components/shell/page";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { ZoneField } from "@/components/ui/zone-select";
import { zonesQuery } from "@/components/zones/queries";
import type { ReplayView } from "@/lib/alerts/views";
import { days, durationWords } from "@/lib/time";
import { counted, plain, strong } from "@/lib/words";
import { replayQuery } from "./queries";

const EXAMPLE = "oldest_unresolved > 80% of window for 2m";

/** A condition typed in, played over the last seven days: when it would have been raised, and how often. Changes nothing. */
export function TryScreen() {
  const { data: zones } = useQuery(zonesQuery());
  const [asked, setAsked] = useQueryStates({ zone: parseAsString, when: parseAsString });
  const [when, setWhen] = useState(asked.when ?? EXAMPLE);
  const [zone, setZone] = useState(asked.zone ?? "");
  const chosen = zone || zones?.zones[0]?.zoneId || "";
  return (
    <Page crumbs={[{ label: "Alerts", href: "/alerts" }, { label: "Try a condition" }]}>
      <LeadSentence
        className="mb-3.5"
        parts={[
          strong("When would it have called somebody?"),
          plain(" A condition is played over what the zone’s figures were."),
        ]}
      />
      <form
        className="mb-4 flex flex-wrap items-end gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen && when.trim()) setAsked({ zone: chosen, when: when.trim() });
        }}
      >
        <ZoneField zones={zones?.zones ?? []} value={chosen} onChange={(zoneId) => setZone(zoneId ?? "")} />
        <div className="min-w-0 flex-1 basis-72">
          <Field label="Condition" note="as a contract’s when" className="mono" value={when} maxLength={300} onText={setWhen} />
        </div>
        <Button type="submit" tone="primary">
          Try it
        </Button>
      </form>
      {asked.zone && asked.when && <Replayed zone={asked.zone} when={asked.when} />}
    </Page>
  );
}

function Replayed({ zone, when }: { zone: string; when: string }) {
  const { data, error } = useQuery(replayQuery(zone, when));
  if (error) return <Banner look="at_risk" title={error.message} />;
  if (!data)
    return (
      <Panel>
        <SkeletonRows rows={3} />
      </Panel>
    );
  return (
    <Panel>
      <PanelHead
        title={`${data.words}: raised ${data.raisedN === 1 ? "once" : counted(data.raisedN, "time")}`}
        note={<Seen view={data} />}
      />
      {data.raised.length > 0 && (
        <Table>
          <thead>
            <tr>
              <Th>Raised</Th>
              <Th>Cleared</Th>
              <Th num>Lasted</Th>
              <Th num>It was</Th>
            </tr>
          </thead>
          <tbody>
            {data.raised.map((one) => (
              <tr key={`${one.cause} ${one.raisedAt}`}>
                <Td>
                  <When at={one.raisedAt} now={data.now} />
                  {one.cause && <span className="block text-12 text-ink-3">{one.cause}</span>}
                </Td>
                <Td>{one.clearedAt === null ? "not yet" : <When at={one.clearedAt} now={data.now} />}</Td>
                <Td num>{durationWords((one.clearedAt ?? data.now) - one.raisedAt)}</Td>
                <Td num>{one.figure}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

const percent = (part: number): string => `${Number((part * 100).toFixed(1))} %`;

/** Of how much of the week there are readings; what nobody could tell is no "it did not hold". */
const Seen = ({ view: { seen, unknown, raised, raisedN } }: { view: ReplayView }) => (
  <>
    over the {durationWords(seen * days(7))} of the last seven days that there are readings of
    {unknown > 0 && `; of ${percent(unknown)} of them it could not be told`}
    {raisedN > raised.length && `; the last ${raised.length} are listed`}
  </>
);
