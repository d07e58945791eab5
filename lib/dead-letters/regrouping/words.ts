import type { Part } from "../../words";
import { listed, plain } from "../../words";
import type { Route, SplitRule } from "./rules";

/** Which messages a rule means: `of version 2.40.1 that say “no stock”`. */
export function ruleWords({ says, version, key, path, value }: SplitRule): string {
  const each = [
    version !== null && `of version ${version}`,
    key !== null && `with keys that begin with ${key}`,
    path !== null && `with ${path} ${value}`,
    says !== null && `that say “${says}”`,
  ];
  return listed(each.filter((part) => part !== false));
}

/** What a list tells of a group by what leads into it. */
export function regroupedOf(into: readonly Route[]): { rule: string | null; mergedN: number } {
  const rule = into.find((route) => route.rule !== null)?.rule ?? null;
  return { rule: rule && ruleWords(rule), mergedN: into.filter((route) => route.rule === null).length };
}

const group = (groupId: number): Part => ({ text: `group ${groupId}`, href: `/dead-letters/groups/${groupId}` });

/** What somebody did to where messages belong, after their name, as each of the two groups tells it. */
export const regroupWords = {
  tookIn: (otherId: number): Part[] => [plain("merged "), group(otherId), plain(" into this group, with what fails so later")],
  mergedAway: (intoId: number): Part[] => [plain("merged this group into "), group(intoId), plain(", with what fails so later")],
  splitOff: (partId: number, rule: SplitRule): Part[] => [
    plain(`split off messages ${ruleWords(rule)} into `),
    group(partId),
    plain(", with those that come later"),
  ],
  became: (fromId: number, rule: SplitRule): Part[] => [
    plain("split this part off "),
    group(fromId),
    plain(`: messages ${ruleWords(rule)}`),
  ],
  undone: (otherId: number, kind: "merge" | "split"): Part[] => [
    plain(kind === "merge" ? "undid the merge with " : "undid the split from "),
    group(otherId),
  ],
} as const;
