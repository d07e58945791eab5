import { expect, test } from "vitest";
import { oneEffect } from "./intent";

/** A sender that notes the keys it was given; `lost` loses the answer of that many requests. */
function noted(lost = 0) {
  const keys: string[] = [];
  let n = 0;
  const send = async (_: unknown, key: string) => {
    keys.push(key);
    if (keys.length <= lost) throw new Error("The answer was lost.");
    return key;
  };
  return { keys, ask: oneEffect(send, () => `key-${++n}`) };
}

test("a repeat after a lost answer has the key of the first try, so that both are one effect", async () => {
  const { keys, ask } = noted(1);
  await expect(ask({ act: "retry", n: 3 })).rejects.toThrow("lost");
  await ask({ act: "retry", n: 3 });
  expect(keys).toEqual(["key-1", "key-1"]);
});

test("other words are another intent, and so are the same words once they came through", async () => {
  const { keys, ask } = noted();
  await ask("pause");
  await ask("resume");
  await ask("pause");
  expect(keys).toEqual(["key-1", "key-2", "key-3"]);
});

test("what is asked meanwhile has a key of its own, and takes none away", async () => {
  const { keys, ask } = noted(2);
  const both = await Promise.allSettled([ask("pause"), ask("cancel")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await Promise.all([ask("cancel"), ask("pause")]);
  expect(keys).toEqual(["key-1", "key-2", "key-2", "key-1"]);
});
