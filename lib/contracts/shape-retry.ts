import { z } from "zod";
import { isNetwork } from "../platform/addresses.rules";
import { choice, duration } from "./fields";

// What Accord says itself, or what is a matter of the connection.
const OWN = [
  "idempotency-key",
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "expect",
  "upgrade",
  "te",
  "trailer",
];

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/)
  .refine((name) => !OWN.includes(name.toLowerCase()))
  .describe("a header's name other than Idempotency-Key, Host and those of the connection");
const headerValue = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a header is one line
  .regex(/^[^\u0000-\u001f\u007f]{1,4000}$/)
  .describe("a header's value in one line, a secret as an environment variable");

/** Where something is called. */
export const address = z
  .string()
  .max(2_000)
  .regex(/^(https?:\/\/|\$\{)\S+$/)
  .refine((text) => isAddress(text))
  .describe("an address that begins with https:// or http:// and has no user, password or #");

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash, host } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && hash === "" && !/:(id|message|consumer)/.test(host);
}

/** What may be called. */
export const allowed = z
  .string()
  .refine((text) => isNetwork(text) || /^(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(text))
  .describe("a host's name such as orders.internal, or a network such as 10.0.0.0/8");

/** What a call carries beside its body. */
export const headers = z.record(headerName, headerValue).describe("a mapping of headers");

const http = z
  .strictObject({
    url: address,
    method: choice(["POST", "PUT", "PATCH"]).optional(),
    headers: headers.optional(),
    body: z.string().max(20_000).describe('a text with :id, :message or :consumer such as {"id": ":id"}').optional(),
    timeout: duration("a duration from 100ms to 30s", 100, 30_000).optional(),
    allow: z.array(allowed).min(1).max(50).describe("a list of hosts and networks that may be called").optional(),
  })
  .describe("a call with url, method, headers, body, timeout and allow");

/** How a source's messages are retried where only its application can. */
export const retryShape = z.strictObject({ http }).describe("a mapping with http");
