"use client";
import { Slot } from "radix-ui";
import { type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { FloatsBeside } from "./beside";

const OPENS_AFTER_MS = 300;
// So long may the pointer take from the anchor to the hint, to read or to mark it.
const CLOSES_AFTER_MS = 120;

/** More about what is under the pointer or the focus; never the only place of a fact. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const anchor = useRef<HTMLElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (next: boolean, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  };
  const close = () => later(false, 0);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    // Escape closes the hint and nothing behind it.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [open]);
  // A finger presses; it does not hover.
  const hover = {
    onPointerEnter: ({ pointerType }: PointerEvent) => pointerType !== "touch" && later(true, open ? 0 : OPENS_AFTER_MS),
    onPointerLeave: () => later(false, CLOSES_AFTER_MS),
  };
  return (
    <>
      <Slot.Root
        ref={anchor}
        aria-describedby={open ? id : undefined}
        {...hover}
        onPointerDown={close}
        onFocus={({ currentTarget }) => currentTarget.matches(":focus-visible") && later(true, 0)}
        onBlur={close}
      >
        {children}
      </Slot.Root>
      {open && (
        <FloatsBeside
          {...hover}
          anchor={anchor}
          place={{ side: "top", align: "center", gapPx: 5 }}
          id={id}
          role="tooltip"
          className="appear fixed top-0 left-0 z-50 max-w-80 rounded-control bg-ink px-2.5 py-1.5 text-12 text-canvas shadow-float"
        >
          {content}
        </FloatsBeside>
      )}
    </>
  );
}
