import type { ReactNode } from "react";
import { cn } from "./cn";

const drawings = {
  search: <path d="M11.5 7A4.5 4.5 0 1 1 2.5 7a4.5 4.5 0 0 1 9 0zM10.5 10.5 14 14" />,
  zones: <path d="M2 4.500h12M2 8h12M2 11.500h12M9.5 3v10" />,
  dead: (
    <path d="M2 4.500A1.5 1.5 0 0 1 3.5 3h9A1.5 1.5 0 0 1 14 4.500V8M2 4.500v7A1.5 1.5 0 0 0 3.5 13H8M2.3 4.5 8 8.500l5.7-4M11 10.500l3.5 3.500M14.5 10.5 11 14" />
  ),
  saga: (
    <>
      <circle cx="3.5" cy="4" r="1.7" />
      <circle cx="12.5" cy="4" r="1.7" />
      <circle cx="12.5" cy="12" r="1.7" />
      <path d="M5.2 4h5.600M12.5 5.700v4.600M10.8 12H4.500M6.5 10l-2 2 2 2" />
    </>
  ),
  differs: <path d="M3 6h10M3 10h10M10.5 2.800l-5 10.400" />,
  operation: <path d="M13 5.500A5.5 5.5 0 1 0 13.5 9M13.5 2.500v3.200h-3.2" />,
  source: (
    <>
      <ellipse cx="8" cy="4" rx="5.5" ry="2.2" />
      <path d="M2.5 4v8c0 1.2 2.5 2.2 5.5 2.200s5.5-1 5.5-2.200V4M2.5 8c0 1.2 2.5 2.2 5.5 2.200s5.5-1 5.5-2.2" />
    </>
  ),
  contract: <path d="M3.5 2h6l3 3v9h-9zM9.5 2v3h3M6 8.500h4M6 11h4" />,
  bell: <path d="M4.2 11V7.300a3.800 3.800 0 0 1 7.600 0V11l1.4 1.500H2.800zM6.6 12.500a1.500 1.500 0 0 0 2.800 0" />,
  undo: <path d="M6 4 2.5 7.5 6 11M2.5 7.500H10a3.5 3.5 0 0 1 0 7" />,
  up: <path d="M8 13V3.500M4 7.500l4-4 4 4" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.800V8l2.2 1.5" />
    </>
  ),
  pause: <path d="M5.5 4v8M10.5 4v8" />,
  play: <path d="M5 3.500v9l7-4.500z" />,
  right: <path d="m6 4 4 4-4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  down: <path d="m4 6 4 4 4-4" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.5" r="2.7" />
      <path d="M2.8 14a5.2 5.2 0 0 1 10.4 0" />
    </>
  ),
  x: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: (
    <>
      <rect x="2.5" y="2.5" width="8" height="8" rx="1.2" />
      <path d="M13.5 5.500v6.800a1.2 1.2 0 0 1-1.2 1.200H5.5" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.500a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  book: <path d="M8 4C6.5 2.8 4.5 2.7 2.5 3v9.500c2-.3 4-.2 5.5 1 1.5-1.2 3.5-1.3 5.5-1V3c-2-.3-4-.2-5.5 1zM8 4v9.5" />,
  shield: (
    <>
      <path d="M8 1.8 13 3.500v4c0 3.2-2 5.5-5 6.7-3-1.2-5-3.5-5-6.700v-4z" />
      <path d="m5.7 7.8 1.7 1.7 3-3.2" />
    </>
  ),
  case: <path d="M3.5 14V2.500M3.5 3h8.500l-2 3 2 3H3.5" />,
  plus: <path d="M8 3.500v9M3.5 8h9" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  check: <path d="m3 8.6 3.2 3.200L13 4.6" strokeWidth="1.9" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** An icon of the design's set, drawn in the colour of the text; always beside a word or inside a labelled control. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: 12 | 14 | 16 | 20; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={cn("flex-none", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth={size === 12 ? 1.75 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {drawings[name]}
    </svg>
  );
}
