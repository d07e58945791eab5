import { type Browser, chromium } from "playwright-core";
import { type Chromium, findChromium } from "./chromium";

// Root and containers allow no sandbox; the rest keeps the browser from talking to anybody but the page.
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless browser. Close it; take pages from `browser.newContext()`, which axe needs. */
export async function openBrowser(which?: Chromium): Promise<Browser> {
  const { executablePath, env } = which ?? (await findChromium());
  return chromium.launch({ executablePath, args: flags, env: { ...(process.env as Record<string, string>), ...env } });
}
