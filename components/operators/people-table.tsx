"use client";
import { Tag } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { Link } from "@/components/ui/link";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { Operator } from "@/lib/operators/rules";
import type { PeopleView } from "@/lib/operators/views";
import type { Instant } from "@/lib/time";
import { waysText, zonesText } from "./people-words";

type Props = { view: PeopleView; open: (id: string) => void };

/** Everybody by name, each with the way to their page. */
export function PeopleTable({ view: { operators, now }, open }: Props) {
  const { id: cursor } = useRowCursor(
    operators.map(({ id }) => id),
    open,
  );
  return (
    <Table>
      <thead>
        <tr>
          <Th>Name</Th>
          <Th className="max-md:hidden">Role</Th>
          <Th className="max-md:hidden">Zones</Th>
          <Th className="max-md:hidden">Comes in with</Th>
          <Th className="max-md:hidden">Last seen</Th>
        </tr>
      </thead>
      <tbody>
        {operators.map((one) => (
          <tr
            key={one.id}
            data-row={one.id}
            aria-current={cursor === one.id ? "true" : undefined}
            onClick={() => open(one.id)}
            className={cn("cursor-pointer hover:bg-hover", !one.active && "text-ink-3", cursor === one.id && "bg-selected")}
          >
            <Td className={cn(cursor === one.id && "shadow-cursor")}>
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  href={`/people/${one.id}`}
                  className="font-semibold [overflow-wrap:anywhere] hover:underline"
                  onClick={(event) => event.stopPropagation()}
                >
                  {one.name}
                </Link>
                <Marks one={one} />
              </div>
              <div className="text-12 text-ink-3 [overflow-wrap:anywhere]">{one.email}</div>
              <div className="text-12 text-ink-2 md:hidden">
                {one.role}, {zonesText(one)}; <Seen at={one.lastSeenAt} now={now} worded />
              </div>
            </Td>
            <Td className="max-md:hidden">{one.role}</Td>
            <Td className="text-12 [overflow-wrap:anywhere] max-md:hidden">{zonesText(one)}</Td>
            <Td className="text-12 max-md:hidden">{waysText[one.signsInWith]}</Td>
            <Td className="text-12 max-md:hidden">
              <Seen at={one.lastSeenAt} now={now} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What is unusual about somebody's way in. */
export function Marks({ one }: { one: Pick<Operator, "active" | "passwordOnce"> }) {
  return (
    <>
      {!one.active && <Tag>may not sign in</Tag>}
      {one.active && one.passwordOnce && <Tag tone="risk">has not chosen a password</Tag>}
    </>
  );
}

function Seen({ at, now, worded = false }: { at: Instant | null; now: Instant; worded?: boolean }) {
  if (at === null) return <span className="text-ink-3">never seen</span>;
  return (
    <>
      {worded && "seen "}
      <When at={at} now={now} />
    </>
  );
}
