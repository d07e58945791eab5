import type { RelationShape } from "../sources/comparable";
import { decimalOf, plainOf } from "./agreement";

/** How keys of two sides are paired: each side's text of a key becomes one canonical text, and is asked for at each side in the forms that it has there. */
export type Pairing = {
  /** Both sides write every key alike, so that their own orders are one. */
  alike: boolean;
  canonical: (key: string, side: KeySide) => string;
  /** The texts under which a side may have a canonical key. */
  forms: (canonical: string, side: KeySide) => string[];
};
export type KeySide = "authority" | "projection";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const integers = ["smallint", "integer", "bigint"];
const numbers = [...integers, "numeric", "real", "double precision"];
const times = ["date", "timestamp without time zone", "timestamp with time zone"];
const texts = ["text", "character varying", "bpchar", "name"];

const identity: Pairing = { alike: true, canonical: (key) => key, forms: (key) => [key] };

/** The pairing that two key types need. */
export function pairingOf(shapes: {
  authority: Pick<RelationShape, "keyType" | "keyScale">;
  projection: Pick<RelationShape, "keyType" | "keyScale">;
}): Pairing {
  const types = [shapes.authority.keyType, shapes.projection.keyType];
  const all = (of: readonly string[]) => types.every((type) => of.includes(type));
  const one = (of: readonly string[]) => types.some((type) => of.includes(type));
  if (all(integers)) return identity;
  if (all(numbers)) return { alike: false, canonical: plainOf, forms: (key) => [key] };
  if (all(times) && types[0] !== types[1]) return { alike: false, canonical: timeText, forms: (key) => [key] };
  if (one(texts)) {
    const isText = (side: KeySide) => texts.includes(shapes[side].keyType);
    if (one(["numeric", "real", "double precision"]))
      return withText(isText, plainOf, numberForms(shapes.authority.keyScale ?? shapes.projection.keyScale ?? 0));
    if (one(["uuid"])) return withText(isText, lower, uuidForms);
    if (one(["boolean"])) return withText(isText, booleanText, booleanForms);
    if (one(["date"])) return withText(isText, dayText, timeForms);
    if (one(times)) return withText(isText, timeText, timeForms);
  }
  return types[0] === types[1] || all(texts) ? identity : { ...identity, alike: false };
}

/** A type and text that says its values: in one of the forms that can be asked for through an index; any other text is a key of its own. */
function withText(
  isText: (side: KeySide) => boolean,
  plain: (key: string) => string,
  formsOf: (key: string) => string[],
): Pairing {
  const forms = (key: string) => [...new Set([key, ...formsOf(key)])];
  return {
    alike: false,
    canonical: (key, side) => (isText(side) && !forms(plain(key)).includes(key) ? key : plain(key)),
    forms: (key, side) => (isText(side) && plain(key) === key ? forms(key) : [key]),
  };
}

// A numeric without a scale writes as many zeros at its end as it was given.
const FREE_DIGITS = 12;

/** A number with zeros at its end, and with an exponent as a float is written. */
const numberForms =
  (scale: number) =>
  (key: string): string[] => {
    const value = decimalOf(key);
    if (value === null) return [];
    const digits = (key.split(".")[1] ?? "").length;
    const padded = Array.from({ length: Math.max(scale, FREE_DIGITS) + 1 }, (_, i) => value.toFixed(Math.max(digits, i)));
    return [...padded, value.toExponential().replace(/e([+-])(\d)$/, "e$10$2")];
  };

const lower = (key: string): string => (UUID.test(key) ? key.toLowerCase() : key);
const uuidForms = (key: string): string[] => (UUID.test(key) ? [key.toUpperCase()] : []);

const booleans: Record<string, string[]> = { true: ["t", "TRUE", "True"], false: ["f", "FALSE", "False"] };
const booleanForms = (key: string): string[] => booleans[key] ?? [];
const booleanText = (key: string): string => Object.keys(booleans).find((name) => booleans[name]!.includes(key)) ?? key;

/** A time as servers and programs write it in UTC: a blank or T, thousandths or millionths, and a zone or none. */
function timeForms(key: string): string[] {
  const [, day, clock, rest = ""] = /^(\d{4,}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?$/.exec(key) ?? [];
  if (day === undefined) return [];
  const fractions = [rest && `.${rest}`, ...[3, 6].filter((n) => rest.length <= n).map((n) => `.${rest.padEnd(n, "0")}`)];
  const zones = ["", "+00", "Z", "+00:00"];
  return [" ", "T"].flatMap((between) =>
    fractions.flatMap((fraction) => zones.map((zone) => `${day}${between}${clock ?? "00:00:00"}${fraction}${zone}`)),
  );
}

/** A day, also when it is written as its midnight. */
const dayText = (key: string): string => timeText(key).replace(/ 00:00:00$/, "");

/** An instant without its zone, which is UTC on both sides, and without zeros at its end; a day is its midnight. */
function timeText(key: string): string {
  const [, day, clock = "00:00:00", rest = "", era = ""] =
    /^(\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?(?:Z|\+00(?::00)?)?( BC)?$/.exec(key) ?? [];
  if (day === undefined) return key;
  const fraction = rest.replace(/0+$/, "");
  return `${day} ${clock}${fraction && `.${fraction}`}${era}`;
}
