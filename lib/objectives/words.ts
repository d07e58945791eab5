import { durationWords, windowWords } from "../time";
import { code, counted, type Part, plain, strong } from "../words";
import type { Basis, CauseCount } from "./rules";
import type { ObjectiveRow, ReportView } from "./views";

/** `99.912 %`: three decimals, and 100 only where it is all of it. */
export function percentWords(share: number, digits = 3): string {
  if (share === 1) return "100 %";
  const floor = 10 ** digits;
  return `${Math.min(Math.round(share * 100 * floor) / floor, 100 - 1 / floor).toFixed(digits)} %`;
}

/** A promised share as the contract has it: `99.9 %`. */
export const targetWords = (target: number): string => `${Number((target * 100).toFixed(6))} %`;

/** `12 %` of a budget, and what was used beyond it. */
export const budgetWords = (left: number): string =>
  left < 0 ? "used up" : left > 0 && left < 0.01 ? "under 1 % left" : `${Math.floor(left * 100)} % left`;

/** `3.1 nines` */
export const ninesWords = (nines: number): string => `${nines.toFixed(1)} nines`;

export const nothingJudged: Record<Basis, string> = {
  delivery: "nothing was delivered",
  comparison: "nothing was compared",
};
const whole: Record<Basis, [one: string, many: string, kept: string]> = {
  delivery: ["delivery", "deliveries", "converged within"],
  comparison: ["compared row", "compared rows", "agreed after"],
};

type Told = ObjectiveRow & { windowMs: number; goneInMs: number | null };

/** How a promise stands, in a sentence. */
export function objectiveSentence(told: Told): Part[] {
  const { basis, target, periodMs, keptN, missedN, converged, budgetLeft, windowMs, goneInMs } = told;
  const period = `the last ${windowWords(periodMs)}`;
  if (converged === null) return [plain(`In ${period} ${nothingJudged[basis]}, so that there is no figure; that is not 100 %.`)];
  const [, many, kept] = whole[basis];
  const lead: Part[] = [
    strong(percentWords(converged)),
    plain(` of ${many} ${kept} ${windowWords(windowMs)} over ${period}: ${missedN.toLocaleString("en-US")} of `),
    plain(`${counted(keptN + missedN, ...pair(basis))} did not. `),
  ];
  if (target === null || budgetLeft === null) return [...lead, plain("The contract promises no share of them.")];
  const promised = plain(`${targetWords(target)} are promised; `);
  if (budgetLeft < 0) return [...lead, promised, { ...strong("the error budget is used up"), tone: "breach" }, plain(".")];
  const gone = goneInMs === null ? "" : `, gone in ${durationWords(goneInMs)} at the rate of the last hour`;
  const soon = goneInMs !== null && goneInMs < periodMs / 10;
  return [
    ...lead,
    promised,
    { ...strong(`${budgetWords(budgetLeft)} of the error budget`), ...(soon ? { tone: "risk" as const } : {}) },
    plain(`${gone}.`),
  ];
}

const pair = (basis: Basis): [string, string] => [whole[basis][0], whole[basis][1]];

type Cause = Omit<CauseCount, "zoneId" | "missedN">;

/** What stood in the way of missed deliveries, and where it is looked at. */
export function causeWords(zoneId: string, cause: Cause): { title: Part[]; href: string } {
  const { consumer, eventType, groupId, errorType } = cause;
  const zone = `/zones/${encodeURIComponent(zoneId)}`;
  const by = (text: string): Part[] => [code(eventType), plain(` ${text} `), code(consumer)];
  if (cause.cause.startsWith("group:"))
    return {
      title: [code(errorType ?? "Dead letters"), plain(" at "), code(consumer), plain(", "), code(eventType)],
      href: groupId === null ? `/dead-letters?q=zone:${encodeURIComponent(zoneId)}` : `/dead-letters/groups/${groupId}`,
    };
  const known: Record<string, { title: Part[]; href: string }> = {
    unpublished: {
      title: [code(eventType), plain(" was not published, for "), code(consumer)],
      href: `${zone}/keys?reason=unpublished`,
    },
    held: { title: by("waited for order at"), href: `${zone}/keys?reason=held` },
    late: { title: by("was processed too late by"), href: zone },
  };
  return known[cause.cause] ?? { title: by("was not processed by"), href: `${zone}/keys?reason=undelivered` };
}

/** A rule that found rows which differ. */
export const ruleCauseWords = (zoneId: string, rule: string): { title: Part[]; href: string } => ({
  title: [plain("Rows that differ by "), code(rule)],
  href: `/divergences?zone=${encodeURIComponent(zoneId)}`,
});

/** How a month went, in a sentence. */
export function reportSentence({ zones, owner }: Pick<ReportView, "zones" | "owner">): Part[] {
  const whose = owner === null ? "" : ` of ${owner}`;
  const promised = zones.filter(({ target }) => target !== null);
  const judged = promised.filter(({ converged }) => converged !== null);
  const broken = judged.filter(({ converged, target }) => converged! < target!);
  if (judged.length === 0)
    return [plain(`Nothing was judged in the zones${whose} that promise a share; that is no kept promise.`)];
  const rest = promised.length - judged.length;
  const unknown = rest === 0 ? "" : ` Of ${counted(rest, "zone")} nothing is known.`;
  if (broken.length === 0)
    return [
      strong(
        `${counted(judged.length, "zone")}${whose} kept what ${judged.length === 1 ? "its contract promises" : "their contracts promise"}.`,
      ),
      plain(unknown),
    ];
  return [
    {
      ...strong(`${broken.length} of ${counted(judged.length, "zone")}${whose} did not keep what their contracts promise`),
      tone: "breach",
    },
    plain(`: ${broken.map(({ title }) => title).join(", ")}.${unknown}`),
  ];
}
