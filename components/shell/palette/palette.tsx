"use client";
import { Dialog as Radix } from "radix-ui";
import { createContext, useContext, useEffect, useRef } from "react";
import { useFocusReturn } from "@/components/ui/dialog";
import { useKeys } from "@/components/ui/keys";
import { Finder } from "./finder";

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
          <Finder
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
