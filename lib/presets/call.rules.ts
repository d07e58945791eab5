import type { Abilities } from "./abilities.rules";

/** How a service is asked to retry one of its own messages, where only the application can. Its headers may hold secrets. */
export type ServiceCall = {
  /** With `:id` (`:id1`, `:id2` of a key of several columns), `:message` and `:consumer`, as in the body. */
  url: string;
  method: "POST" | "PUT" | "PATCH";
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  /** Names of hosts, and networks: only these names, and of addresses that are not public only those in these networks. */
  allow: readonly string[];
};

const parameter = /:(id\d*|message|consumer)\b/g;

/** The names of the parameters in a text, without their colon. */
export const placeholdersOf = (text: string): string[] => [...text.matchAll(parameter)].map((match) => match[1]!);

/** What a value becomes where it is put in, so that it stays one value: in an address, in JSON, in a form, in plain text. */
type Escape = (value: string) => string;
const inJson: Escape = (value) => JSON.stringify(value).slice(1, -1);

const filled = (text: string, values: Readonly<Record<string, string>>, inPlace: Escape): string =>
  text.replace(parameter, (whole, name: string) => (Object.hasOwn(values, name) ? inPlace(values[name]!) : whole));

/** What the body is, by its headers; JSON unless they say otherwise. */
export const contentTypeOf = ({ headers }: Pick<ServiceCall, "headers">): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "application/json";

const escapeOf = (type: string): Escape =>
  /\bjson\b/i.test(type) ? inJson : /x-www-form-urlencoded/i.test(type) ? encodeURIComponent : (value) => value;

/** A body that is read as JSON and is none; a parameter outside quotes is none either. */
export function isBrokenJson(body: string, contentType: string): boolean {
  if (!/\bjson\b/i.test(contentType)) return false;
  try {
    JSON.parse(body.replace(parameter, "x"));
    return false;
  } catch {
    return true;
  }
}

/** The call for one message: the parts of its id by name, and its consumer. */
export function requestFor(
  call: ServiceCall,
  values: Readonly<Record<string, string>>,
): { url: URL; body: string; contentType: string } {
  const contentType = contentTypeOf(call);
  return {
    url: new URL(filled(call.url, values, encodeURIComponent)),
    body: filled(call.body, values, escapeOf(contentType)),
    contentType,
  };
}

/** The host that is called: no parameter stands in it. */
export const hostOf = ({ url }: Pick<ServiceCall, "url">): URL => new URL(url.replace(parameter, "x"));

/** How a call is told on screens: what is in its path, its query and its headers is not. */
export const calledWords = ({ method, url }: Pick<ServiceCall, "method" | "url">): string => {
  const { protocol, host } = hostOf({ url });
  return `${method} ${protocol}//${host}`;
};

// Shorter than this, what is left out would spoil words and hide nothing worth hiding.
const SECRET_CHARS_MIN = 4;

/** What a service answered, without what the call itself carried: its headers, word by word, and what is in its query. */
export function withoutCarried(text: string, { url, headers }: Pick<ServiceCall, "url" | "headers">): string {
  const carried = [...Object.values(headers), ...new URL(url).searchParams.values()].flatMap((value) => [
    value,
    ...value.split(/\s+/),
  ]);
  const secrets = [...new Set(carried)].filter((secret) => secret.length >= SECRET_CHARS_MIN).sort((a, b) => b.length - a.length);
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, "•••"), text);
}

/** What a source can do where its application is asked. */
export const withCall = (abilities: Abilities, call: ServiceCall | null): Abilities =>
  call === null || abilities.deadLetters === null
    ? abilities
    : { ...abilities, deadLetters: { ...abilities.deadLetters, retry: true, call: calledWords(call) } };
