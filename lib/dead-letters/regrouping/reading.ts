import type { Ctx } from "../../context";
import { readContracts } from "../../contracts/service";
import type { Db } from "../../db/pool";
import { Refusal } from "../../refusal";
import { withinTime } from "../bounded.sql";
import { visibleGroup } from "../group-rows";
import { maskOf } from "../masked-letter.rules";
import { refuseMasked } from "../masked-paths";
import type { StoredGroup } from "../sql";
import type { SplitPreviewInput } from "./input";
import { countMeant, ruleQuery, selectSaid } from "./rule.sql";
import { ledTo, type Route, type SplitRule } from "./rules";
import { selectRoutesOf } from "./sql";
import type { Regrouped, RouteView, SplitPreview } from "./views";
import { ruleWords } from "./words";

const SAMPLES = 3;
const MASKED = /\[(?:\d+ (?:chars?|digits?|fields?|items?)|domain [a-z0-9.-]+|yes or no|nothing)\]/i;

/** How a rule's messages would be, before they are split off. */
export async function previewSplit(ctx: Ctx, { groupId, rule }: SplitPreviewInput): Promise<SplitPreview> {
  const group = await visibleGroup(ctx, groupId);
  const samples = await allowed(ctx, group, rule);
  const meantN = await withinTime(ctx.db, (tx) => countMeant(tx, groupId, rule, ctx.now));
  return { meantN, ofN: group.openN, rule: ruleWords(rule), samples: samples.slice(0, SAMPLES) };
}

/**
 * What some of the messages say that a rule means. It is refused where it would answer a guess of what is masked: a path that is, or a text that no
 * message says as it is shown.
 */
export async function allowed(ctx: Ctx, group: StoredGroup, rule: SplitRule): Promise<string[]> {
  const query = ruleQuery(rule);
  const own = { field: "group" as const, path: null, not: false, compare: "=" as const, values: [String(group.groupId)] };
  await refuseMasked(ctx, [{ ...query, conditions: [...query.conditions, own] }]);
  const masked = (await readContracts(ctx.db))
    .filter(({ zoneId }) => group.zones.includes(zoneId))
    .flatMap(({ masking }) => masking);
  const said = await withinTime(ctx.db, (tx) => selectSaid(tx, group.groupId, rule, ctx.now));
  const shown = [...new Set(said.map((one) => maskOf(one, masked).mask.text(one.errorMessage)))];
  const { says } = rule;
  if (says === null) return shown;
  // What stands for a masked value is no part of what is said: its digits would tell which of them the value has.
  const sayIt = shown.filter((text) => text.split(MASKED).some((part) => part.toLowerCase().includes(says.toLowerCase())));
  if (sayIt.length === 0)
    throw new Refusal("conflict", `No message of this group that is parked says “${says}”.`, { field: "says" });
  return sayIt;
}

/** What people said of where a group's messages belong. */
export async function readRegrouped(db: Db, groupId: number): Promise<Regrouped> {
  const routes = await selectRoutesOf(db, [groupId]);
  const led = ledTo(groupId, routes);
  const undone = led !== undefined && led.endedAt !== null;
  return {
    ledTo: led
      ? {
          groupId: String(undone ? led.fromId : led.toId),
          by: (undone ? led.endedByName : led.madeByName)!,
          at: undone ? led.endedAt! : led.madeAt,
          routeId: undone ? null : String(led.routeId),
        }
      : null,
    routes: routes
      .filter((route) => route.endedAt === null && !(route.rule === null && route.fromId === groupId))
      .map((route) => routeView(route, groupId)),
  };
}

function routeView(route: Route, groupId: number): RouteView {
  const goesOut = route.fromId === groupId;
  return {
    routeId: String(route.routeId),
    kind: route.rule === null ? "merged_in" : goesOut ? "split_off" : "part_of",
    otherId: String(goesOut ? route.toId : route.fromId),
    rule: route.rule && ruleWords(route.rule),
    by: route.madeByName,
    at: route.madeAt,
    moving: route.settledAt === null,
  };
}
