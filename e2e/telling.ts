import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openReceiver, webhookSecret } from "../lib/channels/receivers.testing";
import { root } from "../lib/launch/root";

/**
 * The estate's configuration with a receiver on this machine, which refuses what is not signed as the library verifies it; contracts tell it of
 * these conditions as well, by zone. Copies of the zones in `often` are compared each minute, differ when they do for one, their cases are due a minute after they open, and what they promise is of the last five minutes. `env` is the product's.
 */
export async function openTelling(conditions: Record<string, readonly string[]>, often: readonly string[] = []) {
  const folder = mkdtempSync(path.join(tmpdir(), "accord-telling-"));
  const receiver = await openReceiver();
  cpSync(path.join(root, "demo/contracts"), path.join(folder, "contracts"), { recursive: true });
  for (const [zone, told] of Object.entries(conditions)) {
    const file = path.join(folder, "contracts", `${zone}.yaml`);
    const lines = told.map((when) => `    - { when: "${when}", notify: [hook] }`).join("\n");
    const asked = readFileSync(file, "utf8").replace(/^ {2}alerts:\n/m, `  alerts:\n${lines}\n`);
    writeFileSync(
      file,
      often.includes(zone)
        ? asked.replaceAll(/^( +(?:every|window|cases: \{ due):) \d+[mh]/gm, "$1 1m").replace("over: 30d", "over: 5m")
        : asked,
    );
  }
  const accord = readFileSync(path.join(root, "demo/accord.yaml"), "utf8");
  const channel = `channels:\n  hook: { kind: webhook, url: "\${HOOK_URL}", secret: "\${HOOK_SECRET}", allow: [127.0.0.0/8], per_minute: 1000 }\n`;
  const config = path.join(folder, "accord.yaml");
  writeFileSync(config, `${accord}\n${channel}`);
  const env = { ACCORD_CONFIG: config, HOOK_URL: `${receiver.url}/webhook`, HOOK_SECRET: webhookSecret };
  /** What the receiver was told of a step of an alert, with a signature that it verified. */
  const toldOf = (step: string, alertId: string) =>
    receiver.received.find(
      ({ body }) =>
        body.type === `accord.alert.${step}` && String((body.data as { link: unknown }).link).endsWith(`/alerts/${alertId}`),
    )?.body.data as { links?: { acknowledge?: string } } | undefined;
  const close = () => {
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { env, toldOf, refused: receiver.refused, close };
}
