import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our type scale is named by its pixels, which the merger would take for colours.
const merge = extendTailwindMerge({ extend: { classGroups: { "font-size": [{ text: ["11", "12", "13", "15", "18", "22"] }] } } });

/** Class names, later ones winning. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
