import { KeyLink } from "@/components/ui/key-link";
import { Sentence } from "@/components/ui/sentence";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ProofRow } from "@/lib/proofs/views";
import { proofWord } from "@/lib/proofs/words";
import type { Instant } from "@/lib/time";
import { ProofSquare } from "./proof-grid";

/** Keys with what their proof rests on, or what is in its way; each leads to everything that is known of it. */
export function ProofTable({ rows, now }: { rows: readonly ProofRow[]; now: Instant }) {
  const cell = "px-2.5 py-1.75 text-12";
  return (
    <Table label="Keys of the operation">
      <thead>
        <tr>
          <Th>Key</Th>
          <Th>State</Th>
          <Th>Why</Th>
          <Th className="max-sm:hidden">Zone</Th>
          <Th num>Looked at</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.zoneId} ${row.businessKey}`}>
            <Td className={`${cell} mono whitespace-nowrap`}>
              <KeyLink businessKey={row.businessKey} />
            </Td>
            <Td className={cell}>
              <span className="flex items-center gap-1.5 whitespace-nowrap">
                <ProofSquare state={row.state} />
                {proofWord[row.state]}
              </span>
            </Td>
            <Td className={`${cell} min-w-40 text-ink-2 [overflow-wrap:anywhere]`}>
              <Sentence parts={row.why} />
            </Td>
            <Td className={`${cell} whitespace-nowrap max-sm:hidden`}>{row.zone ?? "no contract"}</Td>
            <Td num className={`${cell} text-ink-3`}>
              {row.checkedAt === null ? "not yet" : <When at={row.checkedAt} now={now} />}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
