import { listed } from "../words";
import type { Act } from "./rules";

const titles: Record<Act | "take_back", string> = {
  retry: "Retry",
  edit: "Edit and retry",
  discard: "Discard",
  resolve: "Resolution by hand",
  take_back: "Taking back",
};

/** `Retry of 448 OrderSubmitted` */
export function titleOf(act: Act | "take_back", n: number, letters: readonly { eventType: string }[]): string {
  const types = [...new Set(letters.map((letter) => letter.eventType))];
  return `${titles[act]} of ${n.toLocaleString("en-US")} ${types.length <= 2 ? listed(types) : "messages"}`;
}
