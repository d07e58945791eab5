"use client";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { findQuery } from "@/components/timeline/queries";
import { keyHref } from "@/components/ui/key-link";
import { useSettled } from "@/components/ui/settled";
import type { Instant } from "@/lib/time";
import { FieldRow, fieldProps, WHAT } from "./field-row";
import { grouped, type Item, paletteItems } from "./items";
import { Line } from "./line";
import { useOwnItems } from "./own-items";

/** What there is for a text, in groups, and whether that is the whole answer yet. */
function useFound(text: string) {
  const settled = useSettled(text);
  const { data, error, isPlaceholderData, isLoading } = useQuery(findQuery(settled));
  const items = paletteItems(text, useOwnItems(), text !== "" && data ? data.hits : [], keyHref);
  return {
    groups: grouped(items),
    now: data?.now ?? null,
    answered: text === "" || (settled === text && !isPlaceholderData && !isLoading),
    error: text === "" ? null : error,
  };
}

export type FinderProps = {
  /** What somebody did while this was still being loaded: what they typed, and whether they pressed Enter after it. */
  begun: { typed: string; entered: boolean };
  choose: (run: () => void) => void;
  onClose: () => void;
};

/** The field and what it finds: typed into, walked with the arrows, taken with Enter. */
export function Finder({ begun, choose, onClose }: FinderProps) {
  const router = useRouter();
  const [typed, setTyped] = useState(begun.typed);
  const { groups, now, answered, error } = useFound(typed.trim().slice(0, 200));
  const shown = groups.flatMap((group) => group.items);
  const [picked, setPicked] = useState<string | null>(null);
  const current = shown.find((item) => item.id === picked) ?? shown[0];
  const [waits, setWaits] = useState(begun.entered);
  // The list chooses its first line by itself; only what a person walked to outlasts the next answer.
  const walked = useRef(false);

  const take = (item: Item | undefined) => {
    if (!item || item.blocked) return;
    choose("href" in item.do ? () => router.push((item.do as { href: string }).href) : item.do.run);
  };
  // Enter after a pasted id means the thing that it names, and waits for the answer that tells which.
  useEffect(() => {
    if (!waits || !answered) return;
    setWaits(false);
    take(current);
  });
  const walk = () => {
    walked.current = true;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key.startsWith("Arrow")) walk();
    if (event.key !== "Enter" || answered || picked !== null) return;
    event.preventDefault();
    setWaits(true);
  };
  const type = (value: string) => {
    setTyped(value);
    setPicked(null);
    walked.current = false;
    setWaits(false);
  };
  const counted = `${shown.length} ${shown.length === 1 ? "result" : "results"}`;
  return (
    <Command
      shouldFilter={false}
      loop
      vimBindings={false}
      label={WHAT}
      value={current?.id ?? ""}
      onValueChange={(id) => walked.current && setPicked(id)}
      onKeyDown={onKey}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Box typed={typed} type={type} onClose={onClose} />
      <p role="status" className="sr-only">
        {answered ? counted : "Looking"}
      </p>
      <Results groups={groups} current={current} now={now} take={take} walk={walk} />
      <Foot error={error} answered={answered} />
    </Command>
  );
}

function Box({ typed, type, onClose }: { typed: string; type: (value: string) => void; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  // What was typed before this was here stands already: the next letter goes behind it.
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);
  return (
    <FieldRow onClose={onClose}>
      <Command.Input {...fieldProps} ref={field} value={typed} onValueChange={type} />
    </FieldRow>
  );
}

type ResultsProps = {
  groups: ReturnType<typeof grouped>;
  current: Item | undefined;
  now: Instant | null;
  take: (item: Item) => void;
  walk: () => void;
};

function Results({ groups, current, now, take, walk }: ResultsProps) {
  return (
    <Command.List label="Results" onPointerMoveCapture={walk} className="min-h-0 flex-1 overflow-y-auto py-1.5">
      {groups.map(({ group, items: lines }) => (
        <Command.Group key={group} heading={<div className="px-4 pt-2 pb-1 text-11 text-ink-3">{group}</div>}>
          {lines.map((item) => (
            <Line key={item.id} item={item} now={now} current={item === current} take={() => take(item)} />
          ))}
        </Command.Group>
      ))}
    </Command.List>
  );
}

function Foot({ error, answered }: { error: Error | null; answered: boolean }) {
  return (
    <p className="border-t px-4 py-2 text-12 text-ink-3">
      {error ? (
        <span className="text-breach-fg">{error.message}</span>
      ) : answered ? (
        "Keys, message, saga and correlation ids, OP-, CASE- and D- numbers, zones, services, events."
      ) : (
        "Looking"
      )}
    </p>
  );
}
