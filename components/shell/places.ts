import type { IconName } from "@/components/ui/icons";
import type { Person } from "@/lib/context";
import { type Action, can } from "@/lib/permissions";

/** Where one can go, and the key after `g`; `needs` is what somebody may, to whom it is offered. */
export type Place = { href: string; label: string; icon: IconName; key: string; needs?: Action };
export const places: Place[] = [
  { href: "/zones", label: "Zones", icon: "zones", key: "z" },
  { href: "/alerts", label: "Alerts", icon: "bell", key: "l" },
  { href: "/dead-letters", label: "Dead letters", icon: "dead", key: "d" },
  { href: "/sagas", label: "Sagas", icon: "saga", key: "s" },
  { href: "/divergences", label: "Divergences", icon: "differs", key: "v" },
  { href: "/cases", label: "Cases", icon: "case", key: "c" },
  { href: "/operations", label: "Operations", icon: "operation", key: "o" },
  { href: "/promises", label: "Promises", icon: "check", key: "k" },
  { href: "/audit", label: "Audit log", icon: "contract", key: "a" },
  { href: "/sources", label: "Sources", icon: "source", key: "r" },
  { href: "/people", label: "People", icon: "user", key: "p", needs: "operator.change" },
];

/** The places of one person; before it is known who looks, those that are offered to everybody. */
export const placesOf = (actor: Person | undefined): Place[] =>
  places.filter(({ needs }) => needs === undefined || (actor !== undefined && can(actor, needs, []).ok));

/** Those under the thumb on a phone; the rest is behind "More". */
export const phonePlaces = places.filter(({ href }) => ["/zones", "/dead-letters", "/cases"].includes(href));

export const isAt = (path: string, href: string): boolean => path === href || path.startsWith(`${href}/`);

/** The keyboard map that `?` shows; each screen lists what works on it. */
export const keyMap: { title: string; keys: [keys: string[], what: string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      ...places.map((place): [string[], string] => [["g", place.key], `go to ${place.label}`]),
      [["/"], "find, go or do"],
      [["Ctrl", "K"], "the same, also while you type"],
      [["t"], "light or dark"],
      [["?"], "this help"],
      [["Esc"], "close or clear"],
    ],
  },
  {
    title: "Lists",
    keys: [
      [["j"], "next row"],
      [["k"], "previous row"],
      [["⏎"], "open"],
      [["f"], "filter"],
      [["u"], "put changed rows in order"],
    ],
  },
  {
    title: "Dead letters",
    keys: [
      [["x"], "select"],
      [["⇧", "x"], "select a range"],
      [["r"], "preview a retry"],
      [["j"], "next message of a group"],
      [["k"], "previous message of a group"],
    ],
  },
  {
    title: "Divergence",
    keys: [[["c"], "look at it again now"]],
  },
  {
    title: "Key and audit log",
    keys: [
      [["c"], "look at the key again"],
      [["x"], "details of an audit entry"],
    ],
  },
  {
    title: "Sagas",
    keys: [
      [["x"], "select"],
      [["⇧", "x"], "select a range"],
      [["h"], "hold compensations"],
    ],
  },
  {
    title: "Alert",
    keys: [[["a"], "acknowledge"]],
  },
  {
    title: "Case",
    keys: [
      [["a"], "assign it to me"],
      [["e"], "resolve"],
      [["c"], "recheck the difference"],
      [["n"], "write a note"],
    ],
  },
  {
    title: "Zone and operation",
    keys: [
      [["1", "…", "9"], "act on that cause"],
      [["←"], "crosshair back"],
      [["→"], "crosshair on"],
      [["["], "shorter range"],
      [["]"], "longer range"],
      [["z"], "zoom in at the crosshair"],
      [["⌫"], "back to the range before"],
      [["p"], "pause or resume an operation"],
    ],
  },
];
