"use client";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type MenuProps = { trigger: ReactNode; children: ReactNode; side?: "bottom" | "top" };
type MenuItemProps = { onSelect: () => void; children: ReactNode; chosen?: boolean };

/** A menu that was asked for: open, under its trigger. */
export function OpenMenu({ trigger, children, side = "bottom" }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side={side}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 min-w-44 rounded-panel border border-line-strong bg-raised p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const item = "flex h-7 cursor-pointer items-center gap-2 rounded-bar px-2 outline-none data-[highlighted]:bg-hover max-md:h-11";

export function MenuItem({ onSelect, children, chosen }: MenuItemProps) {
  return (
    <DropdownMenu.Item onSelect={onSelect} className={cn(item, chosen && "font-medium text-accent")}>
      {children}
    </DropdownMenu.Item>
  );
}

/** Facts in a menu that cannot be chosen. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1 text-12 text-ink-3">{children}</DropdownMenu.Label>;
}
