"use client";
import { Dialog as Radix } from "radix-ui";
import { createContext, type FC, lazy, Suspense, useContext, useEffect, useRef, useState } from "react";
import { useFocusReturn } from "@/components/ui/dialog";
import { useKeys } from "@/components/ui/keys";
import { FieldRow, fieldProps, WHAT } from "./field-row";
import type { FinderProps } from "./finder";

// Loaded when somebody looks for something: no page needs it. A page that outlives its release finds no part any more.
const Finder = lazy(() =>
  import("./finder").then(
    (loaded): { default: FC<FinderProps> } => ({ default: loaded.Finder }),
    () => ({ default: NoFinder }),
  ),
);

function NoFinder() {
  return <p className="px-4 py-4 text-12 text-ink-2">The search could not be loaded. Reloading the page may bring it back.</p>;
}

type Palette = { open: boolean; setOpen: (open: boolean) => void };

export const PaletteContext = createContext<Palette>({ open: false, setOpen: () => {} });
export const usePalette = (): Palette => useContext(PaletteContext);

/** Opens with `/`, and with Ctrl-K or ⌘K also while somebody types. */
export function PaletteDialog() {
  const { open, setOpen } = usePalette();
  const focus = useFocusReturn();
  // What was chosen runs when the focus is back where it was: a dialog that it opens gives it back there again.
  const chosen = useRef<(() => void) | null>(null);
  useKeys({ "/": () => setOpen(true) });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (!open && document.querySelector("[role=dialog][data-state=open]")) return;
      event.preventDefault();
      setOpen(!open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open, setOpen]);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...focus}
          onCloseAutoFocus={(event) => {
            focus.onCloseAutoFocus(event);
            chosen.current?.();
            chosen.current = null;
          }}
          aria-describedby={undefined}
          className="rise fixed top-[10vh] left-1/2 z-50 flex max-h-[76dvh] w-[calc(100vw-32px)] max-w-160 -translate-x-1/2 flex-col overflow-hidden rounded-dialog border border-line-strong bg-raised shadow-dialog outline-none max-md:top-0 max-md:h-dvh max-md:max-h-none max-md:w-full max-md:rounded-none max-md:border-0"
        >
          <Radix.Title className="sr-only">Find, go or do</Radix.Title>
          <FinderWhenLoaded
            choose={(item) => {
              chosen.current = item;
              setOpen(false);
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A field at once, and the one that finds as soon as it is there: nothing that is typed meanwhile is lost. */
function FinderWhenLoaded({ choose }: Pick<FinderProps, "choose">) {
  const [begun, setBegun] = useState({ typed: "", entered: false });
  const early = (
    <FieldRow>
      <input
        {...fieldProps}
        aria-label={WHAT}
        value={begun.typed}
        onChange={({ target }) => setBegun({ typed: target.value, entered: false })}
        onKeyDown={({ key }) => key === "Enter" && setBegun((all) => ({ ...all, entered: true }))}
      />
    </FieldRow>
  );
  return (
    <Suspense fallback={early}>
      <Finder begun={begun} choose={choose} />
    </Suspense>
  );
}
