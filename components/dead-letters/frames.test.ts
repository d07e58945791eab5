import { expect, test } from "vitest";
import { framePieces, framesOf } from "./frames";

test("the first frame that somebody here wrote is where to look; runtimes and frameworks step back", () => {
  const frames = framesOf(
    [
      "at Array.map (<anonymous>)",
      "at zoneOf (src/picking.ts:20:34)",
      "at processTicksAndRejections (node:internal/process/task_queues:95:5)",
      "at org.springframework.amqp.Listener.invoke(Listener.java:12)",
    ],
    null,
  );
  expect(frames.map((frame) => frame.own)).toEqual([false, true, false, false]);
  expect(frames.findIndex((frame) => frame.top)).toBe(1);
});

test("the frame that the server named wins, also when it looks like a framework's", () => {
  const frames = framesOf(["at mine (a.ts:1)", "at accord.inbox.Consumer.apply(C.java:9)"], "Consumer.apply");
  expect(frames[1]).toMatchObject({ top: true, own: true });
});

test("a frame is cut so that class and method stand out", () => {
  expect(framePieces("at com.acme.plan.Planner.planLine(Planner.java:118)")).toEqual([
    "at com.acme.plan.",
    "Planner.planLine",
    "(Planner.java:118)",
  ]);
  expect(framePieces("at async handled (kit/consumer.ts:36:21)")).toEqual(["at async ", "handled", " (kit/consumer.ts:36:21)"]);
  expect(framePieces('File "a.py", line 3, in f')).toEqual(["", 'File "a.py", line 3, in f', ""]);
});
