import { test } from "vitest";
import { seconds } from "../time";
import { longTransactionStory } from "./long-transaction.testing";

test("the same for a minute", () => longTransactionStory(seconds(60)));
