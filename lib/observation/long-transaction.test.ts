import { test } from "vitest";
import { seconds } from "../time";
import { longTransactionStory } from "./long-transaction.testing";

test("a transaction that stays open for 3 s while others commit: nothing of it is missed or counted twice, and the others are seen at once", () =>
  longTransactionStory(seconds(3)));
