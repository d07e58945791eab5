"use client";
import { operationHref, operationName } from "@/components/operations/words";
import { Tag } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import { Td } from "@/components/ui/table";
import type { MessageRow } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { MessageLink } from "./sample-panel";

type Props = {
  message: MessageRow;
  now: Instant;
  picked: boolean;
  chosen: boolean;
  onPick: () => void;
  onChoose: (range: boolean) => void;
};

const cell = "px-2 py-1.5 text-12";

/** One parked message: its key, whether an operation holds it, and how old its fact is. */
export function MessageTableRow({ message, now, picked, chosen, onPick, onChoose }: Props) {
  return (
    <tr onClick={onPick} className={cn("cursor-pointer hover:bg-hover", (picked || chosen) && "bg-selected")}>
      <Td className="py-1.5 pr-0">
        <Checkbox
          checked={chosen}
          onChange={(_, shift) => onChoose(shift)}
          label={`Select ${message.businessKey ?? message.messageId}`}
        />
      </Td>
      <Td className={cell}>
        <MessageLink {...message} />
      </Td>
      <Td className={cn(cell, "mono")}>
        {message.version === null ? <span className="text-ink-3">–</span> : `v${message.version}`}
      </Td>
      <Td className={cell}>
        {message.operationId ? (
          <Link href={operationHref(message.operationId)} onClick={(event) => event.stopPropagation()} className="link mono">
            {operationName(message.operationId)}
          </Link>
        ) : (
          <span className="text-ink-3">{message.state}</span>
        )}
      </Td>
      <Td num className={cn(cell, "text-ink-3")}>
        {message.flagged && (
          <span title="Its time made no sense; the age counts from when Accord first saw it.">
            <Tag tone="risk">time?</Tag>{" "}
          </span>
        )}
        <LiveAge since={message.occurredAt ?? message.parkedAt} asOf={now} short />
      </Td>
    </tr>
  );
}
