import { expect, test } from "vitest";
import { fileOf } from "./download";

const ended: string[] = [];
async function* chunks(n: number, failsAt = -1): AsyncGenerator<string> {
  try {
    for (let i = 0; i < n; i++) {
      if (i === failsAt) throw new Error("the store went away");
      yield `line ${i}\n`;
    }
  } finally {
    ended.push("ended");
  }
}
const file = (of: AsyncIterable<string>) => fileOf({ fileName: "audit.csv", contentType: "text/csv; charset=utf-8", chunks: of });

test("a file is handed out whole, under its name, and kept by nobody on the way", async () => {
  const response = file(chunks(3));
  expect(await response.text()).toBe("line 0\nline 1\nline 2\n");
  expect(Object.fromEntries(response.headers)).toEqual({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="audit.csv"',
    "cache-control": "no-store",
  });
});

test("who goes away ends the work", async () => {
  ended.length = 0;
  const reader = file(chunks(1_000_000)).body!.getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toEqual(["ended"]);
});

test("a file that breaks off is a broken answer, never a short one that looks whole", async () => {
  await expect(file(chunks(3, 2)).text()).rejects.toThrow("the store went away");
});
