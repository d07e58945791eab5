"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { keyHref } from "@/components/timeline/key-link";
import { findQuery } from "@/components/timeline/queries";
import { IconButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icons";
import { grouped, type Item, paletteItems } from "./items";
import { Line } from "./line";
import { useOwnItems } from "./own-items";

const DEBOUNCE_MS = 120;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** The field and what it finds: typed into, walked with the arrows, taken with Enter. */
export function Finder({ choose }: { choose: (run: () => void) => void }) {
  const id = useId();
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const text = typed.trim().slice(0, 200);
  const settled = useSettled(text);
  const found = useQuery(findQuery(settled));
  const answered = text === "" || (settled === text && !found.isPlaceholderData && !found.isLoading);
  const hits = text !== "" && found.data ? found.data.hits : [];
  const items = paletteItems(text, useOwnItems(), hits, keyHref);
  const groups = grouped(items);
  const shown = groups.flatMap((group) => group.items);
  const [picked, setPicked] = useState<string | null>(null);
  const at = Math.max(
    0,
    shown.findIndex((item) => item.id === picked),
  );
  const [waits, setWaits] = useState(false);
  const list = useRef<HTMLDivElement>(null);

  const take = (item: Item | undefined) => {
    if (!item || item.blocked) return;
    choose("href" in item.do ? () => router.push((item.do as { href: string }).href) : item.do.run);
  };
  // Enter after a pasted id means the thing that it names, and waits for the answer that tells which.
  useEffect(() => {
    if (!waits || !answered) return;
    setWaits(false);
    take(shown[at]);
  });
  const move = (to: number) => {
    const next = shown[(to + shown.length) % Math.max(1, shown.length)];
    if (!next) return;
    setPicked(next.id);
    list.current?.querySelector(`[data-item="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? at + 1 : at - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (answered || picked !== null) take(shown[at]);
      else setWaits(true);
    }
  };
  const counted = `${shown.length} ${shown.length === 1 ? "result" : "results"}`;
  return (
    <>
      <div className="flex items-center gap-2.5 border-b px-4">
        <Icon name="search" className="text-ink-3" />
        <input
          role="combobox"
          aria-label="Find a key, an id, a zone, or something to do"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          placeholder="Find a key, an id, a zone, or something to do"
          onChange={(event) => {
            setTyped(event.target.value);
            setPicked(null);
            setWaits(false);
          }}
          onKeyDown={onKey}
          className="h-12 min-w-0 flex-1 bg-transparent text-15 outline-none placeholder:text-ink-3"
        />
        <Radix.Close asChild>
          <IconButton name="x" label="Close" />
        </Radix.Close>
      </div>
      <p role="status" className="sr-only">
        {answered ? counted : "Looking"}
      </p>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Results" className="min-h-0 flex-1 overflow-y-auto py-1.5">
        {groups.map(({ group, items: lines }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
          <div key={group} role="group" aria-label={group}>
            <div aria-hidden="true" className="px-4 pt-2 pb-1 text-11 text-ink-3">
              {group}
            </div>
            {lines.map((item) => {
              const place = shown.indexOf(item);
              return (
                <Line
                  key={item.id}
                  id={`${id}-${place}`}
                  item={item}
                  now={found.data?.now ?? null}
                  current={place === at}
                  point={() => setPicked(item.id)}
                  take={() => take(item)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <Foot error={text === "" ? null : found.error} answered={answered} />
    </>
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
