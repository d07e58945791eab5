"use client";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";
import { scrimLook, TITLE, windowLook } from "./field-row";
import { Finder, type FinderProps } from "./finder";

export type PaletteWindowProps = Pick<FinderProps, "begun" | "onClose"> & {
  /** Who had the focus when it was asked for, and gets it back. */
  before: Element | null;
};

/** The palette: a window over the page, left with Escape. */
export function PaletteWindow({ begun, before, onClose }: PaletteWindowProps) {
  // What was chosen runs when the focus is back where it was: a dialog that it opens gives it back there again.
  const chosen = useRef<(() => void) | null>(null);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={scrimLook} />
        <Radix.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
            chosen.current?.();
            chosen.current = null;
          }}
          aria-describedby={undefined}
          className={windowLook}
        >
          <Radix.Title className="sr-only">{TITLE}</Radix.Title>
          <Finder
            begun={begun}
            choose={(item) => {
              chosen.current = item;
              onClose();
            }}
            onClose={onClose}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
