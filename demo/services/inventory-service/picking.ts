import type { Payload } from "../../../client/src";
import type { Service } from "../../kit/definition";

export type Line = { sku: string; site?: string; quantity: number };
export type Pick = { sku: string; quantity: number };

/** An order's lines, which schema 3 calls items. Its reading is switched on when somebody has noticed that it is needed. */
export function linesOf(payload: Payload, service: Service): Line[] {
  return service.faults.has("broken-schema-version") ? payload.lines : (payload.lines ?? payload.items);
}

/** How many of each article to set aside, in the order of articles: everybody locks stock in the same order. */
export function picksOf(lines: Line[], service: Service): Pick[] {
  const routed = service.version === "2.41.0" ? lines.map(routeToSite) : lines;
  const total = new Map<string, number>();
  for (const { sku, quantity } of routed) total.set(sku, (total.get(sku) ?? 0) + quantity);
  return [...total].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

// New in 2.41.0: lines are routed to the picking zone of their site. Lines of the catalogue's own stock have no site.
function routeToSite(line: Line): Line {
  return { ...line, site: zoneOf(line.site as string) };
}

function zoneOf(site: string): string {
  const [warehouse, zone] = site.split("-");
  return `${warehouse}/${zone}`;
}
