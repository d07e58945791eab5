import type { Keys } from "../../bench/reconcile/live";

type Written = (n: number) => string;
type Kind = readonly [
  authority: readonly [type: string, of: Written],
  projection: readonly [type: string, of: Written],
  shown: Written,
];

const hex = (n: number) => n.toString(16).padStart(12, "0");
const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 61_500).toISOString();
const plain = (n: number) => String(n);
const uuid = (n: number) => `0190b7a2-1111-7abc-8def-${hex(n * 2_654_435_761)}`;
const capitals = (n: number) => uuid(n).toUpperCase();
const big = (n: number) => String(9_007_199_254_740_993n + BigInt(n));
const cents = (n: number) => `${n}.00`;
const half = (n: number) => `${n}.50`;
const eighth = (n: number) => String(n * 0.125);
const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10);
const time = (n: number) =>
  at(n)
    .replace("T", " ")
    .replace(/\.?0*Z$/, "");
const word = (n: number) => `w${n}`;
const bytes = (n: number) => `\\x${hex(n)}`;
const clock = (n: number) => [n, n % 60, n % 7].map((part) => String(part).padStart(2, "0")).join(":");

/** How many keys any kind of them can have. */
export const KEYS_MAX = 1_000;

/** Types that what is compared needs, in both databases. */
export const keyTypes = `create type word as enum (${Array.from({ length: KEYS_MAX }, (_, n) => `'${word(n)}'`).join(", ")});
  create domain code as text check (value <> ''); create domain id as integer check (value > 0); create domain later_id as id;`;

/** Keys of every type that services have, each with another that says the same; a story takes them in either direction. */
const kinds: Kind[] = [
  [["bigint", big], ["bigint", big], big],
  [["smallint", plain], ["bigint", plain], plain],
  [["integer", plain], ["text", plain], plain],
  [["uuid", uuid], ["uuid", uuid], uuid],
  [["uuid", uuid], ["text", capitals], uuid],
  [["uuid", uuid], ["varchar(40)", uuid], uuid],
  [["numeric(12,2)", cents], ["bigint", plain], plain],
  [["numeric", half], ["text", half], (n) => `${n}.5`],
  [["double precision", eighth], ["numeric(12,4)", eighth], eighth],
  [["timestamptz", at], ["timestamp", time], time],
  [["timestamptz", at], ["text", at], time],
  [["timestamp(3)", time], ["timestamp(3)", time], time],
  [["date", day], ["text", day], day],
  [["date", day], ["timestamp", day], (n) => `${day(n)} 00:00:00`],
  [["char(12)", word], ["varchar", word], word],
  [["char(12)", word], ["char(8)", word], word],
  [['text collate "C"', word], ["text", word], word],
  [["word", word], ["text", word], word],
  [["word", word], ["word", word], word],
  [["code", word], ["text", word], word],
  [["later_id", plain], ["bigint", plain], plain],
  [["bytea", bytes], ["bytea", bytes], bytes],
  [["interval", clock], ["interval", clock], clock],
  [
    ["inet", (n) => `10.0.${n >> 8}.${n & 255}`],
    ["inet", (n) => `10.0.${n >> 8}.${n & 255}`],
    (n) => `10.0.${n >> 8}.${n & 255}/32`,
  ],
];

/** Some kinds of keys by a seed: what is the authority in one story is the projection in another. */
export function keysOfSeed(seed: number, someN: number): Keys[] {
  return Array.from({ length: someN }, (_, i): Keys => {
    const at = seed * someN + i;
    const [one, other, shown] = kinds[at % kinds.length]!;
    const [a, p] = Math.floor(at / kinds.length) % 2 === 0 ? [one, other] : [other, one];
    return { tables: [`payment_${i}`, `payment_view_${i}`], types: [a[0], p[0]], of: [a[1], p[1]], shown };
  });
}
