import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import { zoneHref } from "@/components/ui/zone-badges";
import type { UnknownView } from "@/lib/alerts/views";
import type { Instant } from "@/lib/time";
import { counted } from "@/lib/words";

/** Conditions that nobody can tell: they promise nothing until somebody can. */
export function UnknownPanel({ unknown, now }: { unknown: UnknownView[]; now: Instant }) {
  return (
    <Panel>
      <PanelHead title="Cannot be evaluated" note={`${counted(unknown.length, "condition")}; nobody would be told`} />
      <ul className="py-1.5">
        {unknown.map(({ zone, condition, since, why }) => (
          <li key={`${zone.zoneId} ${condition}`} className="px-3.5 py-1.5 text-12">
            <code className="mono [overflow-wrap:anywhere]">{condition}</code>
            <span className="text-ink-2">
              {" "}
              in{" "}
              <Link href={zoneHref(zone.zoneId)} className="link">
                {zone.title}
              </Link>
              : {why}, since <When at={since} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
