"use client";
import { Slot } from "radix-ui";
import { createContext, type KeyboardEvent, type ReactNode, useContext, useEffect, useId, useRef, useState } from "react";
import { FloatsBeside } from "./beside";
import { cn } from "./cn";

type Entered = "menu" | "first" | "last";
type Props = { trigger: ReactNode; children: ReactNode; side?: "bottom" | "top" };

const Close = createContext<() => void>(() => {});

/** A menu under its trigger: opened by a press, or by the arrows, which stand on the first or the last item at once. */
export function Menu({ trigger, children, side = "bottom" }: Props) {
  const [entered, setEntered] = useState<Entered | null>(null);
  const id = useId();
  const anchor = useRef<HTMLElement>(null);
  const close = () => {
    setEntered(null);
    anchor.current?.focus();
  };
  const arrows = (event: KeyboardEvent<HTMLElement>) => {
    if (event.currentTarget.ariaDisabled === "true" || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    setEntered(event.key === "ArrowDown" ? "first" : "last");
  };
  return (
    <>
      <Slot.Root
        ref={anchor}
        aria-haspopup="menu"
        aria-expanded={entered !== null}
        aria-controls={entered ? id : undefined}
        onKeyDown={arrows}
        // A press by Enter or the space bar has no pointer.
        onClick={({ detail }) => setEntered(entered ? null : detail === 0 ? "first" : "menu")}
      >
        {trigger}
      </Slot.Root>
      {entered && (
        <Close value={close}>
          <Items {...{ id, anchor, side, entered }} left={() => setEntered(null)}>
            {children}
          </Items>
        </Close>
      )}
    </>
  );
}

type ItemsProps = Required<Pick<Props, "children" | "side">> & {
  id: string;
  anchor: React.RefObject<HTMLElement | null>;
  entered: Entered;
  left: () => void;
};

function Items({ id, anchor, side, entered, left, children }: ItemsProps) {
  const menu = useRef<HTMLDivElement>(null);
  const close = useContext(Close);
  const leaving = useRef(left);
  leaving.current = left;
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useEffect(() => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const target = entered === "menu" ? menu.current : entered === "first" ? all[0] : all.at(-1);
    target?.focus({ preventScroll: true });
    const onDown = ({ target }: Event) => {
      const inside = [menu.current, anchor.current].some((each) => target instanceof Node && each?.contains(target));
      if (!inside) leaving.current();
    };
    document.addEventListener("pointerdown", onDown, { capture: true });
    return () => document.removeEventListener("pointerdown", onDown, { capture: true });
  }, [anchor, entered]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Tab") {
      // Goes on from the trigger, as if the menu were not there.
      close();
      return;
    }
    const next = nextItem(items(), event.key);
    if (event.key !== "Escape" && !next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) next.focus();
    else close();
  };
  return (
    <FloatsBeside
      ref={menu}
      anchor={anchor}
      place={{ side, align: "start", gapPx: 4 }}
      id={id}
      role="menu"
      tabIndex={-1}
      data-state="open"
      aria-label={anchor.current?.ariaLabel ?? anchor.current?.textContent ?? undefined}
      onKeyDown={onKey}
      className="appear fixed top-0 left-0 z-50 max-h-[calc(100dvh-16px)] min-w-44 overflow-y-auto rounded-panel border border-line-strong bg-raised p-1 shadow-float outline-none"
    >
      {children}
    </FloatsBeside>
  );
}

/** Where a key leads: up and down around, to the ends, or to the next item that begins with the letter. */
function nextItem(items: HTMLElement[], key: string): HTMLElement | undefined {
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (key === "ArrowDown") return items[(at + 1) % items.length];
  if (key === "ArrowUp") return items.at(at < 0 ? -1 : at - 1);
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const letter = key.toLowerCase();
  if (letter.length !== 1 || letter === " ") return undefined;
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) =>
    item.textContent.trim().toLowerCase().startsWith(letter),
  );
}

const look =
  "flex h-7 w-full cursor-pointer items-center gap-2 rounded-bar px-2 text-left outline-none focus:bg-hover max-md:h-11";

export function MenuItem({ onSelect, children, chosen }: { onSelect: () => void; children: ReactNode; chosen?: boolean }) {
  const close = useContext(Close);
  const select = () => {
    // The focus is back on the trigger first: what the item opens gives it back there.
    close();
    onSelect();
  };
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={select}
      onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
      className={cn(look, chosen && "font-medium text-accent")}
    >
      {children}
    </button>
  );
}

/** Facts in a menu that cannot be chosen. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <div className="px-2 py-1 text-12 text-ink-3">{children}</div>;
}
