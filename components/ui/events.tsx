import type { Instant } from "@/lib/time";
import { cn } from "./cn";
import { Link } from "./link";
import { Panel, PanelHead } from "./panel";
import { When } from "./when";

export type Event = { at: Instant; text: string; tone?: "breach" | "plain"; href?: string };

/** What happened, newest first. */
export function EventsPanel({ title, events, now, none }: { title: string; events: Event[]; now: Instant; none: string }) {
  return (
    <Panel>
      <PanelHead title={title} />
      {events.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-3">{none}</p>
      ) : (
        <ol className="px-3.5 pt-2 pb-2.5">
          {events.map((event, i) => (
            <li key={`${event.at}${i}`} className="grid grid-cols-[76px_minmax(0,1fr)] gap-2 py-0.75 text-12">
              <When at={event.at} now={now} className={event.tone === "breach" ? "text-breach-fg" : "text-ink-3"} />
              <span className={cn("[overflow-wrap:anywhere]", event.tone === "breach" && "font-semibold text-breach-fg")}>
                {event.href ? (
                  <Link href={event.href} className="hover:underline">
                    {event.text}
                  </Link>
                ) : (
                  event.text
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
