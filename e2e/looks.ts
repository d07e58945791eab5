import axe, { type AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { until } from "../lib/db/testing";

type Shifts = { sum: number; what: string[] };
type Read = Set<string>;
type Watched = { shifts: Shifts; left: Set<Element>; unseen: string[]; axe: typeof axe; read: { light: Read; dark: Read } };

/** What is wrong with how a page stands, wide and on a phone, in light and in dark: faults that axe finds, and what sticks out. */
export async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  const path = new URL(page.url()).pathname;
  await page.evaluate(axe.source);
  await page.evaluate(() => Object.assign(window, { read: { light: new Set(), dark: new Set() } }));
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
      const violations = await violationsOn(page, colorScheme);
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

// Contrast takes most of the time: of texts that are painted alike, one is read. Dark changes nothing but colours.
function violationsOn(page: Page, scheme: "light" | "dark"): Promise<AxeResults["violations"]> {
  return page.evaluate(async (scheme) => {
    const { axe, read } = window as never as Watched;
    const grounds = new Map<Element, string>();
    const ground = (each: Element | null): string => {
      if (!each) return "";
      const known = grounds.get(each);
      if (known !== undefined) return known;
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(each);
      const kind = `${each.tagName} ${each.getAttribute("class")} ${backgroundColor} ${backgroundImage} ${opacity}`;
      const all = `${ground(each.parentElement)} > ${kind}`;
      grounds.set(each, all);
      return all;
    };
    const paint = (each: Element) => {
      const { color, fontSize, fontWeight } = getComputedStyle(each);
      return `${color} ${fontSize} ${fontWeight} ${ground(each)}`;
    };
    const written = (each: Element) =>
      each.matches("input, select, textarea") ||
      [...each.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
    const news = new Map<string, Element>();
    for (const each of document.body.querySelectorAll("*")) {
      if (!written(each) || !each.checkVisibility()) continue;
      const painted = paint(each);
      if (read[scheme].has(painted)) continue;
      read[scheme].add(painted);
      news.set(painted, each);
    }
    const options = { resultTypes: ["violations" as const], preload: false };
    const contrast = "color-contrast";
    const found = [];
    if (scheme === "light") found.push(await axe.run(document, { ...options, rules: { [contrast]: { enabled: false } } }));
    if (news.size > 0) found.push(await axe.run({ include: [...news.values()] }, { ...options, runOnly: [contrast] }));
    return found.flatMap(({ violations }) => violations);
  }, scheme);
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
  // Whoever comes back to a tab has it refreshed, whatever its interval is.
  const comeBack = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await until(async () => (await comeBack()) && answers >= 6, { withinMs: 60_000, everyMs: 200 });
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
  for (let pressed = 0; pressed < 2 * n + 20 && (pressed === 0 || (await leftN()) > 0); pressed += n || 1)
    await pressTab(page, n || 1);
  return page.evaluate(() => {
    const { left, unseen } = window as never as Watched;
    const here = [...left].filter((each) => each.isConnected).map((each) => each.outerHTML.slice(0, 160));
    return [...here.map((each) => `Tab does not reach ${each}`), ...unseen.map((each) => `focus is not seen on ${each}`)];
  });
}

// All at once: waiting for each press costs more than the press.
async function pressTab(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const key = { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 };
  const presses = Array.from({ length: times }, () => [
    session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key }),
    session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key }),
  ]);
  await Promise.all(presses.flat());
  await session.detach();
}
