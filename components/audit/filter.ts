import { type FilterKey, parseFilter } from "@/components/ui/query-filter";
import { actions } from "@/lib/permissions";
import { spanOf } from "@/lib/texts";

type Offers = { who?: string[] | undefined; zone?: string[] | undefined };

/** What the audit can be filtered by, with what the store knows. */
export const auditKeys = ({ who, zone }: Offers = {}): FilterKey[] => [
  { name: "who", hint: "a name, as it was then", values: who, notNegated: true },
  { name: "action", hint: "what was done", values: [...actions], notNegated: true },
  { name: "zone", hint: "contract zone", values: zone, notNegated: true },
  {
    name: "target",
    hint: "OP-1001, dead_letter/7, or a kind",
    values: ["operation", "dead_letter", "case", "operator"],
    notNegated: true,
  },
  { name: "result", hint: "how it ended", values: ["done", "denied", "result"], check: resultWrong, notNegated: true },
  { name: "last", hint: "back from now", values: ["<1h", "<24h", "<7d", "<30d"], check: spanWrong, notNegated: true },
  { name: "from", hint: "2026-06-18 or 2026-06-18T03:12, UTC", check: timeWrong, notNegated: true },
  { name: "to", hint: "as from; not included", check: timeWrong, notNegated: true },
];

/** Said of words without a key: the audit is read along its indexes, and has none of words. */
export const FREE_TEXT = "Say which: who:, action:, zone:, target:, result:, last:, from: or to:.";

const resultWrong = (value: string): string | null =>
  ["done", "denied", "result"].includes(value) ? null : "result is done, denied or result.";
const spanWrong = (value: string): string | null =>
  spanOf(value) === null ? "last takes a span such as 30m, 24h or <7d." : null;
const timeWrong = (value: string): string | null =>
  instantOf(value) === null ? "Write a day, 2026-06-18, or a time, 2026-06-18T03:12, in UTC." : null;

/** A day or a time in UTC, as epoch milliseconds; null for what is none. */
function instantOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z?)?$/.test(text)) return null;
  const at = Date.parse(text.length === 10 || text.endsWith("Z") ? text : `${text}Z`);
  return Number.isNaN(at) || at < 0 ? null : at;
}

const named: Record<string, string> = { OP: "operation", CASE: "case", D: "divergence" };

function targetOf(text: string): Record<string, string> {
  const number = /^(OP|CASE|D)-(\d{1,15})$/i.exec(text);
  if (number) return { targetKind: named[number[1]!.toUpperCase()]!, targetId: number[2]! };
  const [kind, ...id] = text.split("/");
  return { targetKind: kind!, ...(id.length > 0 && id.join("/") !== "" ? { targetId: id.join("/") } : {}) };
}

/** The filter as the API takes it. What is wrong in it is left out; of one key that is given twice the last counts. */
export function auditNarrowing(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key, value, wrong } of parseFilter(text, auditKeys(), FREE_TEXT)) {
    if (wrong !== null || key === null) continue;
    if (key === "target") {
      delete found.targetId;
      Object.assign(found, targetOf(value));
    } else if (key === "from" || key === "to") found[key === "from" ? "since" : "until"] = String(instantOf(value));
    else found[key] = value;
  }
  return found;
}
