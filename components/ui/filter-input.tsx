"use client";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { cn } from "./cn";
import { Icon } from "./icons";
import { Kbd } from "./kbd";
import { useKeys } from "./keys";
import { type FilterKey, parseFilter, suggestions, type Token } from "./query-filter";

type Props = {
  label: string;
  value: string;
  keys: FilterKey[];
  /** Why free text does nothing, where it does not. */
  freeText?: string;
  onChange: (value: string) => void;
};

/** A filter as tokens: `key:value`, `-key:value`, free text last. Suggests while typing; underlines what does nothing. */
export function FilterInput({ label, value, keys, freeText, onChange }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const tokens = parseFilter(value, keys, freeText);
  const offers = open ? suggestions(draft, keys) : [];
  const wrong = tokens.find((token) => token.wrong !== null);
  useKeys({ f: () => input.current?.focus() });

  const set = (raws: string[]) => onChange(raws.join(" "));
  const raws = tokens.map((token) => token.raw);
  const add = (text: string) => {
    if (text.endsWith(":")) {
      setDraft(text);
    } else if (text.trim() !== "") {
      set([...raws, ...parseFilter(text.trim(), keys).map((token) => token.raw)]);
      setDraft("");
    }
    setAt(-1);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.max(-1, Math.min(offers.length - 1, now + step)));
    } else if (event.key === "Enter" || (event.key === " " && !draft.includes('"') && draft.includes(":"))) {
      event.preventDefault();
      add(offers[at] ?? draft);
    } else if (event.key === "Tab" && offers[at]) {
      event.preventDefault();
      add(offers[at]);
    } else if (event.key === "Backspace" && draft === "" && raws.length > 0) {
      set(raws.slice(0, -1));
    } else if (event.key === "Escape") {
      setOpen(false);
      input.current?.blur();
    }
  };
  return (
    <div className="relative min-w-0 flex-1 basis-60">
      <div className="flex min-h-8 flex-wrap items-center gap-1.5 rounded-control border border-line-control bg-surface px-2 py-[3px] focus-within:outline-2 focus-within:outline-focus max-md:min-h-11">
        <Icon name="search" size={14} className="text-ink-3" />
        {tokens.map((token, i) => (
          <Chip key={`${i}${token.raw}`} token={token} remove={() => set(raws.filter((_, j) => j !== i))} />
        ))}
        <input
          ref={input}
          role="combobox"
          aria-label={label}
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-offers`}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={draft}
          placeholder={tokens.length === 0 ? keys.map((each) => each.name).join(", ") : ""}
          onChange={(event) => {
            setDraft(event.target.value);
            setAt(-1);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            add(draft.replace(/:$/, ""));
            setDraft("");
          }}
          onKeyDown={onKey}
          className="h-[22px] min-w-32 flex-1 bg-transparent text-12 outline-none placeholder:text-ink-3 max-md:text-[16px]"
        />
        <Kbd>f</Kbd>
      </div>
      {wrong && (
        <p role="status" className="mt-1 text-12 text-breach-fg">
          {wrong.wrong}
        </p>
      )}
      <div
        id={`${id}-offers`}
        role="listbox"
        aria-label="Suggestions"
        className={cn(
          "absolute top-full left-0 z-30 mt-1 min-w-56 rounded-panel border border-line-strong bg-raised p-1 shadow-float",
          offers.length === 0 && "hidden",
        )}
      >
        {offers.map((offer, i) => (
          <div
            key={offer}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onPointerDown={(event) => {
              event.preventDefault();
              add(offer);
            }}
            className={cn(
              "flex cursor-pointer items-baseline gap-3 rounded-bar px-2 py-1 hover:bg-hover",
              i === at && "bg-hover",
            )}
          >
            <span className="mono">{offer}</span>
            <span className="ml-auto text-12 text-ink-3">{keys.find((each) => offer === `${each.name}:`)?.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function Chip({ token, remove }: { token: Token; remove: () => void }) {
  return (
    <span
      title={token.wrong ?? undefined}
      className={cn(
        "inline-flex h-[22px] items-center rounded-bar bg-sunken pl-1.5 font-mono text-12",
        token.wrong && "underline decoration-breach-fill decoration-wavy underline-offset-2",
      )}
    >
      {token.key !== null && (
        <span className="text-ink-3">
          {token.not && "-"}
          {token.key}:
        </span>
      )}
      {token.value}
      <button
        type="button"
        aria-label={`Remove ${token.raw}`}
        onClick={remove}
        className="grid h-[22px] w-5 place-items-center text-ink-3 hover:text-ink max-md:w-9"
      >
        <Icon name="x" size={12} />
      </button>
    </span>
  );
}
