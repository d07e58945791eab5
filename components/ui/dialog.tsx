"use client";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { IconButton } from "./button";
import { cn } from "./cn";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  note?: ReactNode;
  head?: ReactNode;
  foot?: ReactNode;
  wide?: boolean;
  children: ReactNode;
};

/** Gives the focus back to who had it before: these dialogs have no trigger of their own that could take it. */
function useFocusReturn() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    },
  };
}

const scrim = "appear fixed inset-0 z-40 bg-scrim";

/** A question that has to be answered or closed. On a phone it takes the screen. */
export function Dialog({ open, onOpenChange, title, note, head, foot, wide = false, children }: Props) {
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...focus}
          {...(note ? {} : { "aria-describedby": undefined })}
          className={cn(
            "rise fixed top-16 left-1/2 z-50 flex max-h-[calc(100dvh-80px)] w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-dialog border border-line-strong bg-raised shadow-dialog outline-none max-md:top-0 max-md:h-dvh max-md:max-h-none max-md:w-full max-md:rounded-none max-md:border-0",
            wide ? "max-w-dialog-wide" : "max-w-dialog",
          )}
        >
          <header className="flex items-start gap-3 border-b px-dialog-x pt-dialog-y pb-3.5 max-md:px-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-18 font-semibold tracking-title">{title}</Radix.Title>
              {note && <Radix.Description className="mt-0.5 text-ink-2">{note}</Radix.Description>}
            </div>
            {head}
            <Radix.Close asChild>
              <IconButton name="x" label="Close" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {foot && (
            <footer className="flex flex-wrap items-center gap-3 rounded-b-dialog border-t bg-canvas px-dialog-x py-3.5 max-md:px-4">
              {foot}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type SheetProps = Pick<Props, "open" | "onOpenChange" | "title" | "children"> & { from?: "right" | "bottom" };

/** A sheet from an edge: details of a row where there is no room beside the list, or choices under the thumb. */
export function Sheet({ open, onOpenChange, title, children, from = "right" }: SheetProps) {
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...focus}
          aria-describedby={undefined}
          className={cn(
            "fixed right-0 bottom-0 z-50 overflow-y-auto bg-raised shadow-dialog outline-none",
            from === "right"
              ? "slide-in top-0 w-[min(420px,100vw)] border-l"
              : "rise left-0 max-h-[80dvh] rounded-t-dialog border-t pb-safe",
          )}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
