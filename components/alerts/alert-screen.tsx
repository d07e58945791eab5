"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Tag, VerdictBadge } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { HistoryList } from "@/components/ui/history";
import type { IconName } from "@/components/ui/icons";
import { useKeys } from "@/components/ui/keys";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { SkeletonPage } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import { zoneHref } from "@/components/ui/zone-badges";
import type { AlertView } from "@/lib/alerts/views";
import { requestAcknowledge } from "./actions";
import { StateWords } from "./alert-table";
import { SilenceDialog } from "./dialogs";
import { alertQuery } from "./queries";
import { alertHref, alertName, alertTone, severityWord } from "./words";

/** One thing that is wrong: what it is, what its zone says, who took it, and what helps. A permanent link. */
export function AlertScreen({ alertId }: { alertId: string }) {
  const query = useQuery(alertQuery(alertId));
  return (
    <Page
      crumbs={[
        { label: "Alerts", href: "/alerts" },
        { label: alertName(alertId), code: true },
      ]}
    >
      <Loaded query={query} what={alertName(alertId)} headline waiting={<SkeletonPage />}>
        {(view) => <Alert view={view} />}
      </Loaded>
    </Page>
  );
}

const icons: Record<string, IconName> = { raised: "case", escalated: "up", cleared: "check", pending: "clock" };

function Alert({ view }: { view: AlertView }) {
  const { one, now, runbook } = view;
  return (
    <>
      <div className="mb-1.5 flex flex-wrap items-center gap-2.5">
        <h1 className="min-w-0 text-22 font-semibold tracking-title [overflow-wrap:anywhere]">{one.words}</h1>
        <Tag tone={alertTone(one)}>{severityWord[one.severity]}</Tag>
        <Link href={zoneHref(one.zone.zoneId)}>
          <VerdictBadge verdict={one.zone.verdict}>{one.zone.title}</VerdictBadge>
        </Link>
        <Acts view={view} />
      </div>
      <p className="max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      <QuietBanners view={view} />
      <Columns
        side={
          <Panel>
            <PanelHead title="Alert" />
            <div className="px-3.5 py-3">
              <Facts rows={factsOf(view)} />
            </div>
          </Panel>
        }
      >
        {runbook && (
          <Panel>
            <PanelHead title={runbook.title} note={`runbook for ${runbook.when}`} />
            <ol className="list-decimal py-2 pr-3.5 pl-8.5 text-13">
              {runbook.steps.map((step) => (
                <li key={step} className="py-0.75 [overflow-wrap:anywhere]">
                  {step}
                </li>
              ))}
            </ol>
          </Panel>
        )}
        <Panel>
          <PanelHead title="History" note="cannot be edited" />
          <HistoryList events={view.history} now={now} icons={icons} />
        </Panel>
      </Columns>
    </>
  );
}

function Acts({ view: { one } }: { view: AlertView }) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const [silencing, setSilencing] = useState(false);
  const { zoneId } = one.zone;
  const taking = useIntent(requestAcknowledge, {
    onSuccess: () => toast("You have it: nobody is told further"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  const blocked = whyNot("alert.acknowledge", [zoneId]);
  const take = () =>
    one.state === "raised" && blocked === null && !taking.isPending && taking.mutate({ alertId: one.alertId, note: null });
  useKeys({ a: take });
  if (one.state === "cleared") return null;
  return (
    <span className="ml-auto flex flex-wrap gap-2">
      {one.state === "raised" && (
        <Button tone="primary" shortcut="a" busy={taking.isPending && "Acknowledging"} blocked={blocked} onClick={take}>
          Acknowledge
        </Button>
      )}
      <Button blocked={whyNot("alert.silence", [zoneId])} onClick={() => setSilencing(true)}>
        Silence…
      </Button>
      {silencing && (
        <SilenceDialog
          zones={[one.zone]}
          about={{ zoneId, condition: one.condition, cause: one.cause?.id ?? null }}
          onClose={() => setSilencing(false)}
        />
      )}
    </span>
  );
}

function QuietBanners({ view: { one, now } }: { view: AlertView }) {
  if (one.state === "cleared") return null;
  return (
    <>
      {one.silenced && (
        <Banner look="unknown" className="mt-3" title={one.silenced.kind === "silence" ? "Silenced." : "Maintenance."}>
          Nobody is told until <When at={one.silenced.until} now={now} />, says {one.silenced.by}: “{one.silenced.reason}”
        </Banner>
      )}
      {one.inhibitedBy !== null && (
        <Banner look="unknown" className="mt-3" title="It follows from another.">
          Nobody is told of it while{" "}
          <Link href={alertHref(one.inhibitedBy)} className="link">
            {alertName(one.inhibitedBy)}
          </Link>{" "}
          is open.
        </Banner>
      )}
    </>
  );
}

type Row = [term: string, value: React.ReactNode];

function factsOf({ one, owner, onCall, now }: AlertView): Row[] {
  const rows: (Row | false)[] = [
    ["State", <StateWords key="state" one={one} now={now} />],
    [
      "Condition",
      <code key="condition" className="mono">
        {one.condition}
      </code>,
    ],
    one.cause !== null && [
      "About",
      <Link key="cause" href={one.cause.href} className="link">
        {one.cause.name}
      </Link>,
    ],
    one.figure !== null && ["When raised", one.figure],
    ["Holds since", <When key="since" at={one.since} now={now} />],
    one.raisedAt !== null && ["Raised", <When key="raised" at={one.raisedAt} now={now} />],
    one.escalateAt !== null && one.state === "raised" && ["Told further", <When key="further" at={one.escalateAt} now={now} />],
    one.clearedAt !== null && ["Cleared", <When key="cleared" at={one.clearedAt} now={now} />],
    ["Owner", onCall === null ? owner : `${owner}; on call ${onCall}`],
    one.notify.length > 0 && ["Contract names", one.notify.join(", ")],
    one.previousId !== null && [
      "The one before",
      <Link key="previous" href={alertHref(one.previousId)} className="link">
        {alertName(one.previousId)}
      </Link>,
    ],
  ];
  return rows.filter((row) => row !== false);
}
