import { expect, test } from "vitest";
import type { RelationRow } from "../sources/comparable";
import { minutes, seconds } from "../time";
import { type Difference, digestOf } from "./compare";
import { type Bounds, dueIn, isBehind, type Observation, rulingOf } from "./judge";
import { graceMs, isBulk, type Judged, type RunCursor, recheckMs } from "./rules";

const t0 = Date.UTC(2026, 5, 18, 3, 0, 0);
const bounds: Bounds = { windowMs: minutes(5), usualLagMs: 0, projectionTellsChange: true };
const text = (at: number): string => new Date(at).toISOString().replace("T", " ").replace("Z", "+00");
const row = (value: string, version: number | null, changedAt: number | null = t0): RelationRow => ({
  key: "K",
  version: version === null ? null : String(version),
  changedAt: changedAt === null ? null : text(changedAt),
  values: [value],
});
const older: Difference = { kind: "mismatch", detail: "older" };
const known = (
  authority: RelationRow | undefined,
  projection: RelationRow | undefined,
  difference: Difference,
  over: Partial<Judged> = {},
): Judged => ({
  ...difference,
  state: "candidate",
  firstSeenAt: t0 + seconds(1),
  version: authority?.version ?? null,
  changedAt: authority?.changedAt ?? null,
  authorityDigest: digestOf(authority),
  projectionDigest: digestOf(projection),
  seenN: 1,
  restarts: 0,
  ...over,
});
const seen = (
  after: number,
  authority: RelationRow | undefined,
  projection: RelationRow | undefined,
  difference: Difference | null,
): Observation => ({
  difference,
  authority,
  projection,
  authorityNow: t0 + after,
  now: t0 + after,
});
const v2 = row("new", 2);
const v1 = row("old", 1, t0 - minutes(60));

test("a candidate opens when it is older than the window and was seen twice, a grace apart", () => {
  const candidate = known(v2, v1, older);
  expect(rulingOf(candidate, seen(minutes(5), v2, v1, older), bounds)).toBe("stays");
  expect(rulingOf(candidate, seen(minutes(5) + 1, v2, v1, older), bounds)).toBe("opens");
  const late = known(v2, v1, older, { firstSeenAt: t0 + minutes(5) });
  expect(rulingOf(late, seen(minutes(5) + seconds(29), v2, v1, older), bounds)).toBe("stays");
  expect(rulingOf(late, seen(minutes(5) + seconds(30), v2, v1, older), bounds)).toBe("opens");
});

test("both sides saying the same is convergence, whatever was known", () => {
  expect(rulingOf(known(v2, v1, older, { state: "open" }), seen(minutes(9), v2, v2, null), bounds)).toBe("converged");
});

test("a newer version of the authority restarts nothing: a hot key is judged by the version that was first seen", () => {
  const hot = row("newest", 90, t0 + minutes(6));
  expect(rulingOf(known(v2, v1, older), seen(minutes(6), hot, v1, older), bounds)).toBe("opens");
});

test("a projection that has reached the version first seen is on its way, however old the key's difference looks", () => {
  const hot = row("newest", 90, t0 + minutes(6));
  expect(rulingOf(known(v2, v1, older), seen(minutes(6), hot, row("x", 89), older), bounds)).toBe("arrived");
  expect(
    rulingOf(known(v2, undefined, { kind: "missing", detail: null }), seen(minutes(6), hot, row("x", 2), older), bounds),
  ).toBe("arrived");
});

test("what arrives as an older version is still the same fact that is missing", () => {
  const missing = known(v2, undefined, { kind: "missing", detail: null });
  expect(rulingOf(missing, seen(minutes(6), v2, v1, older), bounds)).toBe("opens");
});

test("without a version, an authority that changed between two looks begins the observation anew", () => {
  const [a1, a2, p] = [row("a1", null), row("a2", null, t0 + minutes(4)), row("p", null)];
  const mismatch: Difference = { kind: "mismatch", detail: null };
  expect(rulingOf(known(a1, p, mismatch), seen(minutes(6), a2, p, mismatch), bounds)).toBe("anew");
  expect(rulingOf(known(a1, p, mismatch), seen(minutes(6), a1, p, mismatch), bounds)).toBe("opens");
});

test("an open one stays open while its projection provably has not moved, and is judged anew when it has", () => {
  const [a1, a2, p, moved] = [row("a1", null), row("a2", null, t0 + minutes(7)), row("p", null), row("p", null, t0 + minutes(6))];
  const mismatch: Difference = { kind: "mismatch", detail: null };
  const open = known(a1, p, mismatch, { state: "open" });
  expect(rulingOf(open, seen(minutes(8), a2, p, mismatch), bounds)).toBe("stays");
  expect(rulingOf(open, seen(minutes(8), a2, moved, mismatch), bounds)).toBe("anew");
  expect(rulingOf(open, seen(minutes(8), a2, p, mismatch), { ...bounds, projectionTellsChange: false })).toBe("anew");
});

test("what only the projection has, and what is newer there, is old when it was first seen long ago, whatever its time says", () => {
  for (const [difference, a, p] of [
    [{ kind: "unexpected", detail: null }, undefined, row("x", 1, t0 - minutes(90))],
    [{ kind: "mismatch", detail: "newer" }, row("x", 1, t0 - minutes(90)), row("y", 2)],
    [{ kind: "mismatch", detail: "other_values" }, row("x", 1, t0 - minutes(90)), row("y", 1)],
  ] as const) {
    const candidate = known(a, p, difference);
    expect(rulingOf(candidate, seen(minutes(5), a, p, difference), bounds)).toBe("stays");
    expect(rulingOf(candidate, seen(minutes(5) + seconds(1) + 1, a, p, difference), bounds)).toBe("opens");
  }
});

test("what only the projection has, and changes there, is begun anew while it is a candidate", () => {
  const unexpected: Difference = { kind: "unexpected", detail: null };
  const moved = row("x", 1, t0 + minutes(2));
  expect(rulingOf(known(undefined, v1, unexpected), seen(minutes(6), undefined, moved, unexpected), bounds)).toBe("anew");
  expect(
    rulingOf(known(undefined, v1, unexpected, { state: "open" }), seen(minutes(6), undefined, moved, unexpected), bounds),
  ).toBe("stays");
});

test("another kind of difference is another fact", () => {
  const unexpected: Difference = { kind: "unexpected", detail: null };
  expect(rulingOf(known(v2, v1, older), seen(minutes(6), undefined, v1, unexpected), bounds)).toBe("anew");
});

test("a change time ahead of its own clock is no time: age counts from when it was first seen", () => {
  const ahead = row("new", 2, t0 + minutes(60));
  const candidate = known(ahead, v1, older);
  expect(rulingOf(candidate, seen(minutes(5), ahead, v1, older), bounds)).toBe("stays");
  expect(rulingOf(candidate, seen(minutes(5) + seconds(2), ahead, v1, older), bounds)).toBe("opens");
});

test("a candidate is looked at again when it may open, and no later than every fifth of the window", () => {
  expect(recheckMs(minutes(5))).toBe(minutes(1));
  expect(recheckMs(minutes(1))).toBe(seconds(30));
  expect(recheckMs(seconds(3))).toBe(seconds(3));
  expect(graceMs(minutes(5), minutes(2))).toBe(minutes(2));
  expect(graceMs(seconds(3), 0)).toBe(seconds(3));
  expect(dueIn(known(v2, v1, older), seen(seconds(1), v2, v1, older), bounds, minutes(1))).toBe(seconds(30) + 50);
  expect(dueIn(known(v2, v1, older, { seenN: 2 }), seen(seconds(40), v2, v1, older), bounds, minutes(1))).toBe(minutes(1));
  expect(dueIn(known(v2, v1, older, { seenN: 2 }), seen(minutes(5) - seconds(2), v2, v1, older), bounds, minutes(1))).toBe(
    seconds(2) + 50,
  );
});

test("a projection that has applied nothing since the change is behind as a whole, by clocks that are corrected", () => {
  const offsets = { authority: 0, projection: 0 };
  expect(isBehind(text(t0), text(t0 - 1), offsets)).toBe(true);
  expect(isBehind(text(t0), text(t0 + 1), offsets)).toBe(false);
  expect(isBehind(text(t0), text(t0 + 1), { ...offsets, projection: seconds(5) })).toBe(true);
  expect(isBehind(text(t0), null, offsets)).toBe(false);
});

test("a run stops when more than ten thousand, or a hundredth and a thousand, are old; what is young is work under way", () => {
  const place = (oldN: number, authorityN: number): RunCursor => ({
    startedAt: t0,
    pass: 1,
    after: null,
    authorityN,
    projectionN: authorityN,
    matchedN: 0,
    candidatesN: 50_000,
    oldN,
    sourceMs: 0,
    bytesN: 0,
  });
  expect(isBulk(place(0, 100_000), 0)).toBe(false);
  expect(isBulk(place(1_000, 2_000), 0)).toBe(false);
  expect(isBulk(place(1_001, 2_000), 0)).toBe(true);
  expect(isBulk(place(1_001, 2_000), 1_000_000)).toBe(false);
  expect(isBulk(place(10_001, 2_000), 100_000_000)).toBe(true);
});
