import { test } from "vitest";
import { readingStory } from "./reading.testing";

test("tables without triggers under six kinds of writers: nothing is missed, and nothing counts twice", () =>
  readingStory(1, { writesN: 20, longMs: 200, restarts: false }));

test("the same while Accord's process begins anew again and again: nothing is missed", () =>
  readingStory(2, { writesN: 20, longMs: 200, restarts: true }));
