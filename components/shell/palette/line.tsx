import { Command } from "cmdk";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Icon } from "@/components/ui/icons";
import { Kbd } from "@/components/ui/kbd";
import { LiveAge } from "@/components/ui/live-age";
import type { Instant } from "@/lib/time";
import type { Item } from "./items";

type Props = { item: Item; now: Instant | null; current: boolean; take: () => void };

/** A line of the palette: the keyboard's place is marked, the pointer moves it. */
export function Line({ item, now, current, take }: Props) {
  return (
    <Command.Item
      value={item.id}
      disabled={Boolean(item.blocked)}
      title={item.blocked ?? undefined}
      onPointerDown={(event) => event.preventDefault()}
      onSelect={take}
      className={cn(
        "mx-1.5 flex min-h-8 cursor-pointer items-center gap-2.5 rounded-control px-2.5 py-1 max-md:min-h-11",
        current && "bg-selected",
        item.blocked && "cursor-not-allowed",
      )}
    >
      <span className="grid w-4 flex-none place-items-center text-ink-3">
        {item.verdict ? (
          <VerdictGlyph verdict={item.verdict} size={14} labelled />
        ) : (
          item.icon && <Icon name={item.blocked ? "lock" : item.icon} size={14} />
        )}
      </span>
      <span className={cn("min-w-0 truncate", item.mono && "mono", item.blocked && "text-ink-3")}>{item.label}</span>
      {(item.blocked || item.note) && (
        <span className="min-w-0 flex-1 truncate text-12 text-ink-3">
          {item.blocked ?? item.note}
          {item.since !== undefined && item.since !== null && now !== null && (
            <>
              , <LiveAge since={item.since} asOf={now} />
            </>
          )}
        </span>
      )}
      {item.keys && (
        <span className="ml-auto flex flex-none gap-0.5">
          {item.keys.split(" ").map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
