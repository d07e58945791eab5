"use client";
import { useRouter } from "next/navigation";
import { Countdown } from "@/components/sagas/countdown";
import { HoldButton } from "@/components/sagas/hold-button";
import { useScreenActions } from "@/components/shell/palette/actions";
import { ButtonLink } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { Icon, type IconName } from "@/components/ui/icons";
import { useKeys } from "@/components/ui/keys";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { type Tone, toneClass } from "@/components/ui/tone";
import type { Instant } from "@/lib/time";
import { counted, textOf } from "@/lib/words";
import type { Cause } from "@/lib/zones/views";

const icons: Record<Cause["kind"], IconName> = {
  parked: "dead",
  missed: "x",
  undelivered: "up",
  unpublished: "up",
  held: "pause",
  saga: "saga",
  compensation: "undo",
  divergence: "differs",
  source: "source",
  unwatched: "contract",
  uncompared: "differs",
  effects: "copy",
  duplicates: "copy",
  stale: "left",
  lost: "x",
  schema: "contract",
  times: "clock",
  clock: "clock",
};
const tones: Record<Cause["tone"], Tone> = { breach: "breach", risk: "risk", calm: "conv" };

/** Each problem with its evidence, the share of keys it explains, and its next step, on one row; `1` to `9` act on it. */
export function CausesPanel({ causes: all, now }: { causes: Cause[]; now: Instant }) {
  const router = useRouter();
  const causes = all.filter(({ follows }) => follows === null);
  // What starts by itself and cannot be undone gets the one primary button.
  const counting = all.find(({ saga }) => saga?.firstDueAt != null);
  const first = counting ?? (causes[0]?.tone === "breach" ? causes[0] : undefined);
  useKeys(
    Object.fromEntries(
      causes.slice(0, 9).flatMap((cause, i) => (cause.action ? [[String(i + 1), () => router.push(cause.action!.href)]] : [])),
    ),
  );
  useScreenActions(
    causes
      .slice(0, 9)
      .flatMap(({ action, title }, i) =>
        action ? [{ label: `${action.label}: ${textOf(title)}`, run: () => router.push(action.href), keys: String(i + 1) }] : [],
      ),
  );
  return (
    <Panel>
      {causes.length > 0 && causes.every(({ tone }) => tone === "calm") ? (
        <PanelHead title="What stands out" note="nothing of it is in the way" />
      ) : (
        <PanelHead title="What is wrong now" note="what breaks the contract first, then by keys explained" />
      )}
      {causes.length === 0 ? (
        <Empty kind="good" title="Nothing is in the way">
          What is open is young, and converges by itself.
        </Empty>
      ) : (
        <ol>
          {causes.map((cause, i) => (
            <li key={cause.id} className="border-b last:border-b-0">
              <CauseRow cause={cause} number={i + 1} primary={cause === first} now={now} />
              <Consequences causes={all.filter(({ follows }) => follows === cause.id)} primary={first} now={now} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** What follows from a cause, folded: it ends with it. What is about to start by itself is not hidden. */
function Consequences({ causes, primary, now }: { causes: Cause[]; primary: Cause | undefined; now: Instant }) {
  if (causes.length === 0) return null;
  return (
    <details open={causes.some(({ saga }) => saga?.firstDueAt != null)} className="pb-2 pl-10">
      <summary className="cursor-pointer text-12 text-ink-2">
        {counted(causes.length, "consequence")}: {textOf(causes[0]!.title)}
        {causes.length > 1 && ` and ${causes.length - 1} more`}
      </summary>
      <ul className="border-l">
        {causes.map((cause) => (
          <li key={cause.id}>
            <CauseRow cause={cause} number={null} primary={cause === primary} now={now} />
          </li>
        ))}
      </ul>
    </details>
  );
}

type RowProps = { cause: Cause; number: number | null; primary: boolean; now: Instant };

function CauseRow({ cause, number, primary, now }: RowProps) {
  const share = cause.ofKeysN > 0 ? cause.keysN / cause.ofKeysN : 0;
  return (
    <div
      className={cn(
        "grid grid-cols-[20px_minmax(0,1fr)] gap-3 px-3.5 py-3.25 sm:grid-cols-[20px_minmax(0,1fr)_118px_148px]",
        toneClass[tones[cause.tone]],
      )}
    >
      <Icon name={icons[cause.kind]} className="mt-0.5 text-fg" />
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-2 font-semibold">
          <span>
            <Sentence parts={cause.title} />
          </span>
          {cause.saga?.firstDueAt != null && <Countdown at={cause.saga.firstDueAt} asOf={now} />}
        </h3>
        <p className="mt-px text-ink-2 [overflow-wrap:anywhere]">
          <Sentence parts={cause.evidence} />
        </p>
        <p className="mt-0.75">
          <span className="mr-1 text-ink-3">Next</span>
          <Sentence parts={cause.next} />
        </p>
      </div>
      <div className="max-sm:col-start-2">
        {cause.ofKeysN > 0 && cause.kind !== "source" && (
          <>
            <p className="text-12">
              {cause.keysAtLeast && "at least "}
              <b>{cause.keysN.toLocaleString("en-US")}</b>{" "}
              <span className="text-ink-3">of {cause.ofKeysN.toLocaleString("en-US")} keys</span>
            </p>
            <div className="mt-1.25 h-1.5 overflow-hidden rounded-square bg-track">
              <div className="h-full rounded-square bg-fill" style={{ width: `${Math.min(100, share * 100)}%` }} />
            </div>
          </>
        )}
      </div>
      <div className="flex flex-col gap-1.5 max-sm:col-start-2">
        {cause.saga && <HoldButton target={cause.saga} primary={primary} className="w-full" />}
        {cause.action && (
          <ButtonLink
            href={cause.action.href}
            size="sm"
            tone={primary && !cause.saga ? "primary" : "default"}
            shortcut={number !== null && number < 10 ? String(number) : undefined}
            className="w-full justify-between max-md:justify-center"
          >
            {cause.action.label}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}
