"use client";
import { Slot } from "radix-ui";
import { type ComponentType, lazy, Suspense, useEffect, useState } from "react";
import type { MenuProps } from "./menu-parts";
import { whenTouched } from "./on-demand";
import { toast } from "./toast";

// Menus stand on every page and are opened on few: what opens them comes with the first touch, at the latest with the press.
const load = () => import("./menu-parts");
whenTouched(() => void load().catch(() => {}));
const Opened = lazy(() =>
  load().then(
    (parts): { default: ComponentType<MenuProps> } => ({ default: parts.OpenMenu }),
    () => ({ default: NoMenu }),
  ),
);

/** A line that can be chosen. */
export const MenuItem = lazy(() => load().then((parts) => ({ default: parts.MenuItem })));
/** Facts in a menu that cannot be chosen. */
export const MenuNote = lazy(() => load().then((parts) => ({ default: parts.MenuNote })));

/** A menu under its trigger. */
export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  if (asked)
    return (
      <Suspense fallback={props.trigger}>
        <Opened {...props} />
      </Suspense>
    );
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setAsked(true)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        setAsked(true);
      }}
    >
      {props.trigger}
    </Slot.Root>
  );
}

/** A page that outlives its release finds no part of it any more. */
function NoMenu({ trigger }: MenuProps) {
  useEffect(() => toast("This menu could not be loaded. Reloading the page may bring it back."), []);
  return trigger;
}
