"use client";
import { type ReactNode, useState } from "react";
import { Tag } from "@/components/ui/badge";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { SUBMIT_KEYS } from "@/components/ui/kbd";
import { Panel, PanelHead } from "@/components/ui/panel";
import { submitByKey } from "@/components/ui/submit-key";
import { When } from "@/components/ui/when";
import { type CaseResolution, caseLimits } from "@/lib/cases/rules";
import type { CaseView } from "@/lib/cases/views";
import { resolutionWord } from "@/lib/cases/words";
import { days } from "@/lib/time";
import type { CaseActs } from "./use-case";

/** Goes to how the case ends: to what is chosen, or the first choice. */
export function focusResolve(): void {
  const choices = document.querySelectorAll<HTMLInputElement>("input[name=resolution]");
  const chosen = [...choices].find((choice) => choice.checked) ?? choices[0];
  chosen?.focus();
  chosen?.scrollIntoView({ block: "center" });
}

type Props = {
  view: CaseView;
  acts: CaseActs;
  reopening: boolean;
  setReopening: (open: boolean) => void;
  children: ReactNode;
};

/** How it is resolved: the ways, what each means, and how many people it takes. */
export function ResolvePanel({ view, acts, reopening, setReopening, children }: Props) {
  const { one } = view;
  return (
    <Panel>
      <PanelHead title={one.resolvedAt === null ? "How it is resolved" : "How it was resolved"} />
      {one.resolvedAt === null ? <Choices view={view} acts={acts} /> : <Resolved view={view} />}
      {one.resolvedAt !== null && reopening && (
        <WithReason
          label="Why it is opened again"
          button="Reopen"
          busy={acts.busy("reopen") && "Reopening"}
          send={(reason) => acts.ask({ act: "reopen", reason }, () => setReopening(false))}
        />
      )}
      {children}
    </Panel>
  );
}

function Resolved({ view: { one, now } }: { view: CaseView }) {
  return (
    <div className="px-3.5 py-3">
      <p className="font-medium">{one.resolution && resolutionWord[one.resolution]}</p>
      <p className="mt-0.5 text-12 text-ink-3">
        {one.resolvedBy}, {one.resolvedAt !== null && <When at={one.resolvedAt} now={now} />}
        {one.acceptedUntil !== null && (
          <>
            ; counts again <When at={one.acceptedUntil} now={now} />
          </>
        )}
      </p>
      <p className="mt-2 text-12 text-ink-2 [overflow-wrap:anywhere]">“{one.resolutionReason}”</p>
    </div>
  );
}

function Choices({ view, acts }: { view: CaseView; acts: CaseActs }) {
  const [chosen, choose] = useState<CaseResolution | null>(null);
  const choice = view.resolutions.find((one) => one.resolution === chosen);
  const blocked = acts.blocked("resolve");
  return (
    <>
      <fieldset className="py-1.5">
        <legend className="sr-only">How it is resolved</legend>
        {view.resolutions.map(({ resolution, consequence, people }, i) => (
          <label
            key={resolution}
            className={cn(
              "flex cursor-pointer items-start gap-2.5 px-3.5 py-2 max-md:py-3",
              chosen === resolution && "bg-selected",
            )}
          >
            <input
              type="radio"
              name="resolution"
              value={resolution}
              checked={chosen === resolution}
              onChange={() => choose(resolution)}
              // The group is one stop of Tab; arrows go on from there.
              tabIndex={(chosen === null ? i === 0 : chosen === resolution) ? 0 : -1}
              className="mt-0.75 size-3.75 flex-none accent-accent-fill"
            />
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{resolutionWord[resolution]}</span>
              <span className="block text-12 text-ink-3">{consequence}</span>
            </span>
            {people > 1 && <Tag>{people} people</Tag>}
          </label>
        ))}
      </fieldset>
      {choice && (choice.blocked ?? blocked) !== null && (
        <div className="border-t px-3.5 pb-3">
          <BlockedNote reason={choice.blocked ?? blocked} />
        </div>
      )}
      {choice && choice.blocked === null && blocked === null && (
        <WithReason
          key={choice.resolution}
          label="Reason"
          button={choice.people > 1 ? "Ask for approval" : `Resolve: ${resolutionWord[choice.resolution].toLowerCase()}`}
          busy={acts.busy("resolve") && (choice.people > 1 ? "Asking" : "Resolving")}
          dated={choice.resolution === "accepted"}
          send={(reason, until) => acts.ask({ act: "resolve", resolution: choice.resolution, reason, until }, () => choose(null))}
        />
      )}
    </>
  );
}

type WithReasonProps = {
  label: string;
  button: string;
  busy: string | false;
  dated?: boolean;
  send: (reason: string, until: number | null) => void;
};

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

function WithReason({ label, button, busy, dated = false, send }: WithReasonProps) {
  const [reason, setReason] = useState("");
  const [day, setDay] = useState("");
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < caseLimits.reasonLeast;
  const until = dated && day !== "" ? new Date(`${day}T23:59:59`).getTime() : null;
  const now = Date.now();
  const dayWrong = dated && (until === null || until <= now || until > now + caseLimits.acceptMsMax);
  return (
    <form
      className="flex flex-col gap-3 border-t px-3.5 py-3"
      onKeyDown={submitByKey}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!short && !dayWrong) send(reason.trim(), until);
      }}
    >
      {dated && (
        <Field
          type="date"
          label="Accepted until"
          note="90 days at most"
          error={tried && dayWrong ? "Choose a day within the next 90 days." : null}
          min={dayText(now + days(1))}
          max={dayText(now + caseLimits.acceptMsMax - days(1))}
          value={day}
          onText={setDay}
        />
      )}
      <Field
        rows={2}
        label={label}
        note="required, shown in the history"
        error={tried && short ? `Say how you know. At least ${caseLimits.reasonLeast} characters.` : null}
        value={reason}
        maxLength={caseLimits.commentMost}
        onText={setReason}
      />
      <Button type="submit" tone="primary" className="self-start" shortcut={SUBMIT_KEYS} busy={busy}>
        {button}
      </Button>
    </form>
  );
}
