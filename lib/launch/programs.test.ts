import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { web } from "./programs";
import { root } from "./root";

test("S19: web listens to this machine alone, unless HOST says otherwise; the image says so, for its container", () => {
  expect(web(3000).slice(-2)).toEqual(["-H", "127.0.0.1"]);
  expect(web(3000, "").slice(-2)).toEqual(["-H", "127.0.0.1"]);
  expect(web(3000, "0.0.0.0").slice(-2)).toEqual(["-H", "0.0.0.0"]);
  const text = (file: string) => readFileSync(path.join(root, file), "utf8");
  expect(text("package.json")).toMatch(/"web": "next start -H \$\{HOST:-127\.0\.0\.1\}"/);
  expect(text("Dockerfile")).toContain("HOST=0.0.0.0");
  expect(text("compose.yaml")).toContain('["127.0.0.1:3000:3000"]');
});
