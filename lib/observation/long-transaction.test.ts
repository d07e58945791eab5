import { test } from "vitest";
import { seconds } from "../time";
import { longTransactionStory } from "./long-transaction.testing";

test("a transaction that stays open for 10 s while others commit: nothing of it is missed or counted twice, and the others are seen at once", () =>
  longTransactionStory(seconds(10)));
