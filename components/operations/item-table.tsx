import { KeyLink } from "@/components/ui/key-link";
import { Link } from "@/components/ui/link";
import { OutcomeGlyph, outcomeWord } from "@/components/ui/outcome-glyph";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ItemRow } from "@/lib/operations/views";
import type { Instant } from "@/lib/time";

/** Messages of an operation with what became of each. */
export function ItemTable({ label, items, now, edits }: { label: string; items: ItemRow[]; now: Instant; edits: boolean }) {
  const cell = "px-2.5 py-1.75 text-12";
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Key</Th>
          <Th>Outcome</Th>
          <Th>Why</Th>
          <Th className="max-sm:hidden">Consumer</Th>
          <Th num>Ended</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.item}>
            <Td className={`${cell} mono whitespace-nowrap`}>
              {item.businessKey === null ? item.messageId.slice(0, 13) : <KeyLink businessKey={item.businessKey} />}
            </Td>
            <Td className={cell}>
              <span className="flex items-center gap-1.5 whitespace-nowrap">
                <OutcomeGlyph state={item.state} size={12} />
                {outcomeWord[item.state]}
              </span>
            </Td>
            <Td className={`${cell} min-w-40 text-ink-2 [overflow-wrap:anywhere]`}>
              {item.detail}
              {edits && (
                <>
                  {item.detail !== null && " "}
                  <Link href={`?edited=${item.item}#edited`} className="link">
                    What was edited
                  </Link>
                </>
              )}
              {item.failedInto !== null && (
                <>
                  {" "}
                  <Link href={`/dead-letters/groups/${encodeURIComponent(item.failedInto)}`} className="link">
                    Its group
                  </Link>
                </>
              )}
            </Td>
            <Td className={`${cell} mono whitespace-nowrap max-sm:hidden`}>{item.consumer}</Td>
            <Td num className={`${cell} text-ink-3`}>
              {item.finishedAt === null ? "–" : <When at={item.finishedAt} now={now} />}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
