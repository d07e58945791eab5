"use client";
import { CountChart } from "@/components/charts/count-chart";
import { durationText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import { ZoneBadges, zoneHref } from "@/components/ui/zone-badges";
import type { OperationView } from "@/lib/operations/views";
import type { EffectView, ZoneEffect } from "@/lib/operations/zone-effect.rules";
import type { Instant } from "@/lib/time";
import { capitalized, plural } from "@/lib/words";
import { effectNote, effectSaid } from "./effect-words";

/** What became of the zones since the operation began, one panel each; those beyond the first few by name. */
export function EffectPanels({ view: { effect, operation, now } }: { view: OperationView }) {
  const rest = operation.zones.filter(({ zoneId }) => effect.zones.every((zone) => zone.zoneId !== zoneId));
  return (
    <>
      {effect.zones.map((zone) => (
        <EffectPanel key={zone.zoneId} zone={zone} effect={effect} now={now} />
      ))}
      {(rest.length > 0 || effect.zones.length === 0) && (
        <Panel>
          <PanelHead title={effect.zones.length > 0 ? "Further zones" : "Zones"} />
          <div className="flex flex-wrap gap-2 px-3.5 py-3">
            <ZoneBadges zones={rest} />
          </div>
        </Panel>
      )}
    </>
  );
}

type Props = { zone: ZoneEffect; effect: EffectView; now: Instant };

function EffectPanel({ zone, effect, now }: Props) {
  const { before, last } = zone;
  const title = `Effect on ${zone.title}`;
  return (
    <Panel aria-label={title}>
      <PanelHead title={title}>
        <Link href={zoneHref(zone.zoneId)}>
          <VerdictGlyph verdict={zone.verdict} size={14} labelled />
        </Link>
      </PanelHead>
      <div className="px-3.5 py-3">
        {last !== null && (
          <dl className="mb-2 grid grid-cols-2 gap-3">
            <Figure
              name={`Unresolved ${plural(zone.keyName)}`}
              value={last.keysN.toLocaleString("en-US")}
              before={before?.keysN.toLocaleString("en-US") ?? null}
            />
            <Figure name="Oldest" value={ageOf(last.oldestMs)} before={before && ageOf(before.oldestMs)} />
          </dl>
        )}
        {effect.begunAt !== null && effect.kept && <Course zone={zone} effect={effect} begunAt={effect.begunAt} now={now} />}
        <p className="text-12 text-ink-3">
          {effectNote(zone, effect)}
          {last !== null && (
            <>
              {" "}
              {effect.over ? "Its last figures are of" : "Judged"}{" "}
              {effect.over ? <When at={last.at} now={now} /> : <LiveAgo at={last.at} asOf={now} />}.
            </>
          )}
        </p>
      </div>
    </Panel>
  );
}

const ageOf = (ms: number | null): string => (ms === null ? "none" : durationText(ms));

function Figure({ name, value, before }: { name: string; value: string; before: string | null }) {
  return (
    <div>
      <dt className="text-12 text-ink-3">{capitalized(name)}</dt>
      <dd>
        <b className="whitespace-nowrap text-18 font-semibold">{value}</b>
        {before !== null && <span className="whitespace-nowrap text-ink-3"> from {before}</span>}
      </dd>
    </div>
  );
}

function Course({ zone, effect, begunAt, now }: Props & { begunAt: Instant }) {
  const { from, to, stepMs } = effect;
  const last = zone.last && { at: zone.last.at, value: zone.last.keysN };
  return (
    <figure className="mb-1.5">
      <CountChart label={effectSaid(zone)} {...{ from, to, stepMs, last }} values={zone.points} markAt={begunAt} />
      <figcaption className="flex max-w-105 justify-between gap-3 pr-9 pl-8.5 text-11 text-ink-3">
        <span className="flex items-center gap-1.25">
          <i className="size-1.75 rounded-full bg-accent" />
          began <When at={begunAt} now={now} as="clock" />
        </span>
        <When at={to} now={now} as="clock" />
      </figcaption>
    </figure>
  );
}
