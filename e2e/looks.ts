import axe, { type AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { until } from "../lib/db/testing";

type Shifts = { sum: number; what: string[] };
type Watched = { shifts: Shifts; left: Set<Element>; unseen: string[]; axe: typeof axe };

/** What is wrong with how a page stands, wide and on a phone, in light and in dark: faults that axe finds, and what sticks out. */
export async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  const path = new URL(page.url()).pathname;
  await page.evaluate(axe.source);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
      // Dark changes colours and nothing else.
      const only = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
      const violations = await page.evaluate(
        async (only): Promise<AxeResults["violations"]> =>
          (await (window as never as Watched).axe.run(document, { resultTypes: ["violations"], ...only })).violations,
        only,
      );
      found.push(
        ...violations.map(
          ({ id, nodes }) => `${path} ${width} ${colorScheme}: ${id} ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        ),
      );
    }
    const wide = await page.evaluate(() => {
      if (document.documentElement.scrollWidth <= innerWidth) return null;
      const all = [...document.querySelectorAll("main *")].map((each) => ({ each, right: each.getBoundingClientRect().right }));
      return all.reduce((a, b) => (b.right > a.right ? b : a)).each.outerHTML.slice(0, 200);
    });
    if (wide) found.push(`${path} is wider than ${width}: ${wide}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

/** Lets every page of a context note what moves on it by itself; `shiftsOf` reads it. */
export async function watchShifts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const shifts: Shifts = { sum: 0, what: [] };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Element | null }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        shifts.sum += entry.value;
        shifts.what.push(...entry.sources.map(({ node }) => `${entry.value.toFixed(4)} ${node?.textContent?.slice(0, 60)}`));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** How much a page whose list is under the pointer is moved by its next refreshes, as the browser sums it up, and what of it moved. */
export async function shiftsOf(page: Page): Promise<Shifts> {
  const row = page.locator("main tbody tr").first();
  if (await row.isVisible()) await row.hover();
  let answers = 0;
  page.on("response", (response) => response.url().includes("/api/v1/") && answers++);
  await page.evaluate(() => Object.assign((window as never as Watched).shifts, { sum: 0, what: [] }));
  // Whoever comes back to a tab has it refreshed, whatever its pace is.
  const comeBack = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await until(async () => (await comeBack()) && answers >= 6, { withinMs: 60_000, everyMs: 400 });
  await page.mouse.move(0, 0);
  return page.evaluate(() => (window as never as Watched).shifts);
}

/** What of a page can be pressed and is not reached with Tab, and what does not show that it is focused. */
export async function unreachedOn(page: Page): Promise<string[]> {
  const n = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [tabindex]")];
    const left = new Set<EventTarget | null>(all.filter((each) => each.tabIndex >= 0 && each.checkVisibility()));
    const unseen: string[] = [];
    Object.assign(window, { left, unseen });
    addEventListener("focusin", ({ target }) => {
      left.delete(target);
      // A field shows it at its frame.
      const seen = [target as Element, (target as Element).parentElement!].some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
      });
      if (!seen) unseen.push((target as Element).outerHTML.slice(0, 160));
    });
    return left.size;
  });
  const leftN = () => page.evaluate(() => [...(window as never as Watched).left].filter((each) => each.isConnected).length);
  // A list may grow meanwhile.
  for (let i = 0; i < 2 * n + 20 && (i < n || (await leftN()) > 0); i++) await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const { left, unseen } = window as never as Watched;
    const here = [...left].filter((each) => each.isConnected).map((each) => each.outerHTML.slice(0, 160));
    return [...here.map((each) => `Tab does not reach ${each}`), ...unseen.map((each) => `focus is not seen on ${each}`)];
  });
}
