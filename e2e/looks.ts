import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What is wrong with how a page stands, wide and on a phone, in light and in dark: faults that axe finds, and what sticks out. */
export async function faultsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  const path = new URL(page.url()).pathname;
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
      // In the other mode each look opens a page of its own. Dark changes colours and nothing else.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const { violations } = await (colorScheme === "dark" ? axe.withRules("color-contrast") : axe).analyze();
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
