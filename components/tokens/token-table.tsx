"use client";
import { useState } from "react";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { LiveAgo } from "@/components/ui/live-age";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { hours, type Instant } from "@/lib/time";
import { isLive, type Token } from "@/lib/tokens/rules";
import { RevokeDialog } from "./revoke-dialog";
import { endsSoon, zonesWords } from "./words";

type Props = { tokens: Token[]; now: Instant; label: string };

/** Tokens with what they may, when they were last used, and when they end. */
export function TokenTable({ tokens, now, label }: Props) {
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <>
      <Table label={label}>
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="max-md:hidden">May</Th>
            <Th className="max-md:hidden">Made</Th>
            <Th className="max-md:hidden">Last used</Th>
            <Th className="max-md:hidden">Ends</Th>
            <Th>
              <span className="sr-only">Revoke</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <Row key={token.id} token={token} now={now} revoke={() => setRevoking(token)} />
          ))}
        </tbody>
      </Table>
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function Row({ token, now, revoke }: { token: Token; now: Instant; revoke: () => void }) {
  const live = isLive(token, now);
  return (
    <tr className={cn(!live && "text-ink-3")}>
      <Td>
        <div className="flex flex-wrap items-center gap-2">
          <span className={cn("font-semibold [overflow-wrap:anywhere]", !live && "font-normal")}>{token.name}</span>
          <Tag code>{token.prefix}…</Tag>
        </div>
        <div className="text-12 text-ink-2 md:hidden">
          {token.role} in {zonesWords(token)}
          <br />
          <Used token={token} now={now} worded />, <Ends token={token} now={now} worded />
        </div>
      </Td>
      <Td className="text-12 max-md:hidden">
        {token.role} in <span className="[overflow-wrap:anywhere]">{zonesWords(token)}</span>
      </Td>
      <Td className="text-12 max-md:hidden">
        <When at={token.createdAt} now={now} />
        {token.kind === "service" && <span className="block text-ink-3">by {token.operatorName}</span>}
      </Td>
      <Td className="text-12 max-md:hidden">
        <Used token={token} now={now} />
      </Td>
      <Td className="text-12 max-md:hidden">
        <Ends token={token} now={now} />
      </Td>
      <Td num>
        {live && (
          <Button size="sm" tone="danger" onClick={revoke} aria-label={`Revoke ${token.name}`}>
            Revoke
          </Button>
        )}
      </Td>
    </tr>
  );
}

// In a column the head says what it is; on a phone the text has to.
type Told = { token: Token; now: Instant; worded?: boolean };

function Used({ token, now, worded = false }: Told) {
  if (token.lastUsedAt === null) return <span className="text-ink-3">never used</span>;
  const recent = now - token.lastUsedAt < hours(1);
  return (
    <>
      {worded && "used "}
      {recent ? <LiveAgo at={token.lastUsedAt} asOf={now} /> : <When at={token.lastUsedAt} now={now} />}
    </>
  );
}

function Ends({ token, now, worded = false }: Told) {
  if (token.revokedAt !== null)
    return (
      <>
        revoked <When at={token.revokedAt} now={now} />
      </>
    );
  const soon = endsSoon(token, now);
  return (
    <span className={cn(soon && "font-medium text-risk-fg")}>
      {token.expiresAt <= now ? "ended " : soon ? "ends soon, " : worded ? "ends " : ""}
      <When at={token.expiresAt} now={now} as="day" />
    </span>
  );
}
