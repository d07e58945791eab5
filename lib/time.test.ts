import { expect, test } from "vitest";
import { days, durationShort, durationWords, hours, minutes, seconds, windowWords } from "./time";

test.each([
  [0, "0.0 s"],
  [38, "0.0 s"],
  [400, "0.4 s"],
  [9_940, "9.9 s"],
  [9_950, "10 s"],
  [9_999, "10 s"],
  [22_400, "22 s"],
  [59_400, "59 s"],
  [59_600, "1m 00s"],
  [seconds(61), "1m 01s"],
  [minutes(7) + seconds(40), "7m 40s"],
  [minutes(59) + 59_400, "59m 59s"],
  [minutes(59) + 59_900, "1h 00m"],
  [hours(1) + minutes(5), "1h 05m"],
  [hours(23) + minutes(59) + 59_900, "1d 0h"],
  [days(2) + hours(4), "2d 4h"],
  [days(400), "400d 0h"],
  [-5_000, "0.0 s"],
  [Number.NaN, "–"],
  [Number.POSITIVE_INFINITY, "999999d 0h"],
])("a duration of %d ms reads %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [-1, "0s"],
  [59_999, "59s"],
  [minutes(7) + 59_000, "7m"],
  [hours(23) + minutes(59), "23h"],
  [days(2) + hours(23), "2d"],
])("in the sidebar %d ms reads %s", (ms, words) => {
  expect(durationShort(ms)).toBe(words);
});

test.each([
  [seconds(30), "30 s"],
  [seconds(90), "90 s"],
  [minutes(5), "5 min"],
  [minutes(90), "90 min"],
  [hours(1), "60 min"],
  [hours(2), "2 h"],
  [hours(24), "24 h"],
  [days(30), "30 days"],
  [hours(36), "36 h"],
  [500, "0.5 s"],
])("a window of %d ms reads %s", (ms, words) => {
  expect(windowWords(ms)).toBe(words);
});
