import { expect, test } from "vitest";
import { readCondition } from "../contracts/conditions";
import { minutes } from "../time";
import { conditionWords } from "./words";

test.each([
  ["oldest_unresolved > window", "The oldest unresolved key is more than 5 min old"],
  ["oldest_unresolved >= 80% of window for 2m", "The oldest unresolved key is at least 4 min old for 2 min"],
  ["publish_lag > 1.5s", "Publishing lag is more than 1.5 s"],
  ["silence > 1m", "A source has been silent for more than 1 min"],
  ["parked > 1204", "Parked messages: more than 1,204"],
  ["match_rate < 99.5%", "What agrees: less than 99.5 %"],
  ["coverage_age > 2h", "The last complete comparison is more than 2 h old"],
  ["budget_burn > 14.4x over 1h for 5m", "The error budget burns more than 14.4 times as fast as it may, over 60 min for 5 min"],
  ["breached > 0", "The zone is breached"],
])("%s reads: %s", (text, words) => {
  const read = readCondition(text);
  expect(read.ok && conditionWords(read.value, minutes(5))).toBe(words);
});
