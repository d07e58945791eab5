import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The merger knows Tailwind's own names; of ours it would take a size for a colour, and merge nothing that it does not know.
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["initials", "initials-sm", "10", "11", "12", "13", "14", "15", "16", "18", "19", "22"],
      tracking: ["title", "lead", "code", "initials"],
      spacing: ["compact", "control", "row", "dialog-x", "dialog-y", "safe"],
      container: ["36ch", "52ch", "60ch", "70ch", "88ch", "sentence", "dialog", "dialog-wide"],
      radius: ["hair", "square", "bar", "control", "panel", "dialog"],
      shadow: ["panel", "float", "dialog", "cursor", "edge", "breach"],
    },
  },
});

/** Class names, later ones winning. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
