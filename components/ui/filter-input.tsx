"use client";
import { type ChangeEvent, type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { cn } from "./cn";
import { Icon } from "./icons";
import { Kbd } from "./kbd";
import { useKeys } from "./keys";
import { type FilterKey, offerHint, parseFilter, quote, suggestions, type Token } from "./query-filter";

type Props = {
  label: string;
  value: string;
  keys: FilterKey[];
  /** Why free text does nothing, where it does not. */
  freeText?: string | undefined;
  /** How the text is read, where a list has a language of its own. */
  read?: ((text: string) => Token[]) | undefined;
  /** What a pasted text becomes, where that is something else than it is; null is as it is. */
  pasted?: ((text: string) => string | null) | undefined;
  /** Goes where a word alone leads that names one thing, or says that it names none. */
  jump?: ((word: string) => Promise<boolean>) | undefined;
  onChange: (value: string) => void;
  /** Somebody begins to filter: time to ask what the keys' values are. */
  onOpen?: () => void;
};

/** A sentence from a log is one thing to look for, whatever colons it has; null for what is none. */
function sentenceIn(text: string, keys: FilterKey[]): string | null {
  const named = parseFilter(text, keys).some((token) => token.key !== null && token.wrong === null);
  return named || !/\s/.test(text) ? null : quote(text.replace(/\s+/g, " "));
}

/** What is typed, what that may become, and the keys that make it so. */
function useFilterBox({ value, keys, freeText, read, pasted, jump, onChange, onOpen }: Omit<Props, "label">) {
  const tokensOf = read ?? ((text: string) => parseFilter(text, keys, freeText));
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const tokens = tokensOf(value);
  const offers = open ? suggestions(draft, keys) : [];
  useKeys({ f: () => input.current?.focus() });

  const set = (raws: string[]) => onChange(raws.join(" "));
  const raws = tokens.map((token) => token.raw);
  const add = (text: string) => {
    if (text.endsWith(":")) {
      setDraft(text);
    } else if (text.trim() !== "") {
      set([...raws, ...tokensOf(text.trim()).map((token) => token.raw)]);
      setDraft("");
    }
    setAt(-1);
  };
  const enter = (text: string) => {
    const word = text.trim();
    if (!jump || raws.length > 0 || !/^[^\s:]{1,200}$/.test(word)) return add(text);
    setDraft("");
    void jump(word).then((went) => {
      if (!went) add(text);
    });
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text").trim();
    const sentence = draft === "" ? (pasted ?? ((one: string) => sentenceIn(one, keys)))(text) : null;
    if (sentence === null) return;
    event.preventDefault();
    set([...raws, sentence]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.max(-1, Math.min(offers.length - 1, now + step)));
    } else if (event.key === "Enter" || (event.key === " " && !draft.includes('"') && draft.includes(":"))) {
      event.preventDefault();
      // The only thing that it may become is what is meant.
      enter(offers[at] ?? (offers.length === 1 && draft !== "" ? offers[0]! : draft));
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
  const box = {
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      setDraft(event.target.value);
      setAt(-1);
    },
    onFocus: () => {
      setOpen(true);
      onOpen?.();
    },
    onBlur: () => {
      setOpen(false);
      add(draft.replace(/:$/, ""));
      setDraft("");
    },
    onPaste,
    onKeyDown,
  };
  return { input, draft, at, tokens, offers, add, remove: (i: number) => set(raws.filter((_, j) => j !== i)), box };
}

/** A filter as tokens: `key:value`, `-key:value`, free text last. Suggests while typing; underlines what does nothing. */
export function FilterInput({ label, ...props }: Props) {
  const id = useId();
  const { input, draft, at, tokens, offers, add, remove, box } = useFilterBox(props);
  const wrong = tokens.find((token) => token.wrong !== null);
  return (
    <div className="relative min-w-0 flex-1 basis-60">
      <div className="flex min-h-8 flex-wrap items-center gap-1.5 rounded-control border border-line-control bg-surface px-2 py-0.75 focus-within:outline-2 focus-within:outline-focus max-md:min-h-11">
        <Icon name="search" size={14} className="text-ink-3" />
        {tokens.map((token, i) => (
          <Chip key={`${i}${token.raw}`} token={token} remove={() => remove(i)} />
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
          placeholder={tokens.length === 0 ? props.keys.map((each) => each.name).join(", ") : ""}
          {...box}
          className="h-5.5 min-w-32 flex-1 bg-transparent text-12 outline-none placeholder:text-ink-3 max-md:text-16"
        />
        <Kbd>f</Kbd>
      </div>
      {wrong && (
        <p role="status" className="mt-1 text-12 text-breach-fg">
          {wrong.wrong}
        </p>
      )}
      <Offers id={id} offers={offers} at={at} keys={props.keys} take={add} />
    </div>
  );
}

type OffersProps = { id: string; offers: string[]; at: number; keys: FilterKey[]; take: (offer: string) => void };

function Offers({ id, offers, at, keys, take }: OffersProps) {
  return (
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
            take(offer);
          }}
          className={cn("flex cursor-pointer items-baseline gap-3 rounded-bar px-2 py-1 hover:bg-hover", i === at && "bg-hover")}
        >
          <span className="mono">{offer}</span>
          <span className="ml-auto text-12 text-ink-3">{offerHint(offer, keys)}</span>
        </div>
      ))}
    </div>
  );
}

function Chip({ token, remove }: { token: Token; remove: () => void }) {
  return (
    <span
      title={token.wrong ?? undefined}
      className={cn(
        "inline-flex h-5.5 items-center rounded-bar bg-sunken pl-1.5 font-mono text-12",
        token.wrong && "underline decoration-breach-fill decoration-wavy underline-offset-2",
      )}
    >
      {token.key !== null && (
        <span className="text-ink-3">
          {token.not && "-"}
          {token.key}:
        </span>
      )}
      <span className="max-w-80 truncate">{token.value}</span>
      <button
        type="button"
        aria-label={`Remove ${token.raw}`}
        onClick={remove}
        className="grid h-5.5 w-5 place-items-center text-ink-3 hover:text-ink max-md:w-9"
      >
        <Icon name="x" size={12} />
      </button>
    </span>
  );
}
