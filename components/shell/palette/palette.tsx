"use client";
import { createContext, type FC, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from "react";
import { useKeys } from "@/components/ui/keys";
import { FieldRow, fieldProps, scrimLook, TITLE, WHAT, windowLook } from "./field-row";
import type { PaletteWindowProps } from "./palette-window";

// Loaded when somebody looks for something: no page needs it. A page that outlives its release finds no part any more.
const PaletteWindow = lazy(() =>
  import("./palette-window").then(
    (loaded): { default: FC<PaletteWindowProps> } => ({ default: loaded.PaletteWindow }),
    () => ({ default: NoWindow }),
  ),
);

type Palette = { open: boolean; setOpen: (open: boolean) => void };

export const PaletteContext = createContext<Palette>({ open: false, setOpen: () => {} });
export const usePalette = (): Palette => useContext(PaletteContext);

/** Opens with `/`, and with Ctrl-K or ⌘K also while somebody types. */
export function PaletteDialog() {
  const { open, setOpen } = usePalette();
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
  return open && <WhenLoaded onClose={() => setOpen(false)} />;
}

/** A field at once, and the one that finds as soon as it is there: nothing that is typed meanwhile is lost. */
function WhenLoaded({ onClose }: { onClose: () => void }) {
  const [before] = useState(() => document.activeElement);
  const [begun, setBegun] = useState({ typed: "", entered: false });
  const early = (
    <EarlyWindow onClose={onClose}>
      <FieldRow onClose={onClose}>
        <input
          {...fieldProps}
          ref={(field) => field?.focus()}
          aria-label={WHAT}
          value={begun.typed}
          onChange={({ target }) => setBegun({ typed: target.value, entered: false })}
          onKeyDown={({ key }) => key === "Enter" && setBegun((all) => ({ ...all, entered: true }))}
        />
      </FieldRow>
    </EarlyWindow>
  );
  return (
    <Suspense fallback={early}>
      <PaletteWindow begun={begun} before={before} onClose={onClose} />
    </Suspense>
  );
}

function EarlyWindow({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  useEffect(() => {
    const onKey = ({ key }: globalThis.KeyboardEvent) => key === "Escape" && onClose();
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose]);
  return (
    <>
      <div className={scrimLook} />
      <div role="dialog" aria-modal="true" aria-label={TITLE} data-state="open" className={windowLook}>
        {children}
      </div>
    </>
  );
}

function NoWindow({ onClose }: PaletteWindowProps) {
  return (
    <EarlyWindow onClose={onClose}>
      <FieldRow onClose={onClose}>
        <p className="min-w-0 flex-1 py-4 text-12 text-ink-2">
          The search could not be loaded. Reloading the page may bring it back.
        </p>
      </FieldRow>
    </EarlyWindow>
  );
}
