import { listed } from "../words";
import { nearest, quoted } from "./found-words";
import { linkKinds, linkPlaces, placesIn, templateWrong } from "./links.rules";
import type { Path } from "./path.rules";
import type { AccordInput } from "./shape-sources";

const words = {
  scheme: "an address that begins with https://",
  host: "an address whose host is written out, so that no message says where a click leads",
  password: "an address without a name or a password before its host",
  braces: "an address without blanks, and with each place between one { and one }",
} as const;

/** What is wrong with the addresses of other tools: no https, an unknown place, a host out of a message. No address is repeated. */
export function linkProblems({ links = {} }: AccordInput): { path: Path; message: string }[] {
  return linkKinds.flatMap((kind) => {
    const template = links[kind];
    if (template === undefined) return [];
    const path = ["links", kind];
    const wrong = templateWrong(template);
    if (wrong !== null) return [{ path, message: `Expected ${words[wrong]}, found another one.` }];
    const known: readonly string[] = linkPlaces[kind];
    const places = placesIn(template);
    if (places.length === 0) return [{ path, message: `Expected a place for a value, such as {${known[0]}}, found none.` }];
    return places
      .filter(({ name }) => !known.includes(name))
      .map(({ name }) => ({
        path,
        message: `Expected one of ${listed(known.map((one) => `{${one}}`))}, found ${unknown(name, known)}`,
      }));
  });
}

function unknown(name: string, known: readonly string[]): string {
  const near = nearest(name, [...known]);
  return `the unknown place ${quoted(`{${name}}`)}${near ? `; did you mean {${near}}?` : "."}`;
}
