import { expect, test } from "vitest";
import { openBrowser } from "./browser";
import { type Chromium, carriedChromium, findChromium } from "./chromium";

const carried = process.platform === "linux" && process.arch === "x64";

async function drawn(which: Chromium): Promise<{ heading: string | null; width: number }> {
  const browser = await openBrowser(which);
  try {
    const page = await (await browser.newContext()).newPage();
    await page.setContent("<h1>Converged ✓</h1>");
    const width = await page.locator("h1").evaluate((heading) => {
      const range = document.createRange();
      range.selectNodeContents(heading);
      return range.getBoundingClientRect().width;
    });
    expect((await page.screenshot()).length).toBeGreaterThan(1_000);
    return { heading: await page.textContent("h1"), width };
  } finally {
    await browser.close();
  }
}

test("a browser is found, and draws text", async () => {
  expect(await drawn(await findChromium())).toEqual({ heading: "Converged ✓", width: expect.any(Number) });
});

test.runIf(carried)("the browser that npm carries draws text without any of the system's", async () => {
  const { heading, width } = await drawn(await carriedChromium());
  expect(heading).toBe("Converged ✓");
  expect(width).toBeGreaterThan(50);
});
