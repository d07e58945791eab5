import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { toneClass } from "@/components/ui/tone";
import { zoneHref } from "@/components/ui/zone-badges";
import type { ReportView, ReportZone } from "@/lib/objectives/views";
import { targetWords } from "@/lib/objectives/words";
import { windowWords } from "@/lib/time";
import { BudgetBar } from "./budget-bar";
import { CauseList } from "./cause-list";
import { reportSearch } from "./queries";
import { basisNote, shareText } from "./words";

/** A line a zone, the most used budget first, with what used it up. */
export function ReportTable({ zones }: { zones: ReportZone[] }) {
  return (
    <Table label="Zones of the month" className="md:min-w-240 print:min-w-0">
      <thead>
        <tr>
          <Th>Zone</Th>
          <Th>Converged</Th>
          <Th className="max-md:hidden">Promised</Th>
          <Th>Budget</Th>
          <Th num className="max-md:hidden">
            Judged
          </Th>
          <Th num className="max-md:hidden">
            Missed
          </Th>
          <Th num className="max-md:hidden">
            Days not kept
          </Th>
          <Th className="max-md:hidden">What used it up</Th>
        </tr>
      </thead>
      <tbody>
        {zones.map((zone) => (
          <ZoneLine key={zone.zoneId} zone={zone} />
        ))}
      </tbody>
    </Table>
  );
}

function ZoneLine({ zone }: { zone: ReportZone }) {
  const { converged, target, budgetLeft, keptN, missedN, daysN, missedDaysN, causes } = zone;
  const broken = converged !== null && target !== null && converged < target;
  return (
    <tr className={cn("break-inside-avoid align-top", broken && toneClass.breach)}>
      <Td>
        <Link href={`${zoneHref(zone.zoneId)}#promise`} className="font-semibold hover:underline">
          {zone.title}
        </Link>
        <div className="text-12 text-ink-3">
          {zone.owner} · {windowWords(zone.windowMs)}
        </div>
      </Td>
      <Td className="whitespace-nowrap">
        <span className={cn(broken && "font-semibold text-fg", converged === null && "text-ink-3")}>{shareText(converged)}</span>
        <div className="text-12 text-ink-3">{basisNote(zone)}</div>
      </Td>
      <Td className="whitespace-nowrap max-md:hidden">{target === null ? <None /> : targetWords(target)}</Td>
      <Td>{budgetLeft === null ? <None /> : <BudgetBar left={budgetLeft} />}</Td>
      <Td num className="max-md:hidden">
        <Count n={keptN + missedN} />
      </Td>
      <Td num className="max-md:hidden">
        <Count n={missedN} />
      </Td>
      <Td num className="max-md:hidden">
        {target === null ? <None /> : `${missedDaysN} of ${daysN}`}
      </Td>
      <Td className="min-w-55 max-md:hidden">
        <CauseList causes={causes} />
      </Td>
    </tr>
  );
}

const None = () => <span className="text-ink-3">–</span>;

/** A line an owner: what is added up are deliveries, and a zone counts as broken by its own promise. */
export function OwnersTable({ view: { byOwner, month } }: { view: ReportView }) {
  return (
    <Table label="Owners of the month">
      <thead>
        <tr>
          <Th>Owner</Th>
          <Th num>Zones</Th>
          <Th num>Not kept</Th>
          <Th>Converged</Th>
          <Th num className="max-md:hidden">
            Deliveries
          </Th>
          <Th num>Missed</Th>
        </tr>
      </thead>
      <tbody>
        {byOwner.map((one) => (
          <tr key={one.owner}>
            <Td>
              <Link href={`/promises?${reportSearch({ month, owner: one.owner })}`} className="font-semibold hover:underline">
                {one.owner}
              </Link>
            </Td>
            <Td num>{one.zonesN}</Td>
            <Td num>
              <Count n={one.brokenN} />
            </Td>
            <Td className={cn("whitespace-nowrap", one.converged === null && "text-ink-3")}>{shareText(one.converged)}</Td>
            <Td num className="max-md:hidden">
              <Count n={one.keptN + one.missedN} />
            </Td>
            <Td num>
              <Count n={one.missedN} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
