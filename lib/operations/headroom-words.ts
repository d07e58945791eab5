import { durationWords } from "../time";
import { headroomOf, type Rate, type Span } from "./headroom.rules";

const rateWords = (n: number): string => (n >= 10 ? Math.round(n) : Math.round(n * 10) / 10).toLocaleString("en-US");

/** "inventory-reserver has room for at least 85 a second on top of the 12 that it handles." */
export function roomWords(rate: Rate): string {
  const room = headroomOf(rate);
  if (rate.lately === null || room === null)
    return `How much ${rate.consumer} has room for is not known: nothing was counted of it within two hours.`;
  return room < 0.1
    ? `${rate.consumer} handles ${rateWords(rate.lately)} a second lately, as many as it was seen to within two hours: whether it has room is not known.`
    : `${rate.consumer} has room for at least ${rateWords(room)} a second on top of the ${rateWords(rate.lately)} that it handles: it was seen to take so many within two hours.`;
}

/** "1m 26s to 3m 10s.": how long it takes, as far as is known. */
export function spanWords({ least, most }: Span): string {
  if (least === null) return most === null ? "How long it takes is not known." : `Up to about ${durationWords(most)}.`;
  const words = durationWords(least);
  if (most === null) return `At least ${words}.`;
  return words === durationWords(most) ? `About ${words}.` : `${words} to ${durationWords(most)}.`;
}
