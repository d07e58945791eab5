import { Panel, PanelHead } from "@/components/ui/panel";
import type { SourceRow } from "@/lib/sources/views";

/** What the tables of a framework, or a map, show and what they cannot, before somebody wonders at an empty place. */
export function RecordsPanel({ source }: { source: SourceRow }) {
  const { records } = source;
  if (records === null) return null;
  const parts: [string, string[]][] = [
    ["Seen", records.seen],
    ["Not recorded", records.unseen],
    ["Recorded, and not read as it could be", records.notes],
    ["Before a retry", [...(records.beat ? [records.beat] : []), ...records.hazards]],
  ];
  return (
    <Panel>
      <PanelHead title={`What ${records.title} shows`} note={records.variant ?? undefined} />
      <div className="space-y-3 px-3.5 py-3">
        {parts
          .filter(([, sentences]) => sentences.length > 0)
          .map(([title, sentences]) => (
            <section key={title}>
              <h3 className="pb-1 text-11 text-ink-3">{title}</h3>
              <ul className="list-disc space-y-1 pl-4 text-12 text-ink-2 [overflow-wrap:anywhere]">
                {sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </Panel>
  );
}
