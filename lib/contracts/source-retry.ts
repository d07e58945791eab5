import { isAllowedHost, isNetwork, mayReach } from "../platform/addresses.rules";
import { contentTypeOf, hostOf, isBrokenJson, placeholdersOf, type ServiceCall } from "../presets/call.rules";
import { frameworkOf, placeOf, takesMap } from "../presets/known.rules";
import { seconds } from "../time";
import { listed } from "../words";
import type { Path } from "./path.rules";
import type { AccordInput } from "./shape-sources";
import { normalMap } from "./source-map";
import { durationMs } from "./values";

type SourceInput = AccordInput["sources"][string];

/** The call with what holds where nothing is said; null where a source has none. */
export function normalCall({ retry }: SourceInput): ServiceCall | null {
  if (!retry) return null;
  const { url, method = "POST", headers = {}, timeout, allow = [] } = retry.http;
  const timeoutMs = timeout === undefined ? seconds(10) : durationMs(timeout)!;
  return {
    url,
    method,
    headers,
    body: retry.http.body ?? '{"id": ":id", "message": ":message", "consumer": ":consumer"}',
    timeoutMs,
    allow,
  };
}

type Found = { path: Path; message: string };

/** What is wrong with how sources are asked to retry, beyond the form of each field. No value is repeated: it may hold a secret. */
export function retryProblems(input: AccordInput): Found[] {
  return Object.entries(input.sources).flatMap(([sourceId, source]) =>
    source.retry
      ? problemsOf(source).map(({ path, message }) => ({ path: ["sources", sourceId, "retry", ...path], message }))
      : [],
  );
}

function problemsOf(source: SourceInput): Found[] {
  const preset = source.preset ?? "native";
  const call = normalCall(source)!;
  const own = ownRetry(source, preset);
  if (own !== null) return [{ path: [], message: own }];
  if (source.act === false)
    return [{ path: [], message: "Expected no retry where act is false: nothing would ever make the call." }];
  return [...placeholders(source, call), ...hosts(call)];
}

/** Why a source takes no call: its messages are retried otherwise, or it has none. */
function ownRetry(source: SourceInput, preset: string): string | null {
  if (!takesMap(preset))
    return `Expected no retry beside preset ${preset}: it is for frameworks whose messages only the application can retry.`;
  if (source.dead_letters?.retry !== undefined)
    return "Expected either retry.http or dead_letters.retry: a message is retried in one way.";
  const framework = frameworkOf(preset);
  const place = placeOf(source.schema ?? framework?.schema ?? "public", source.time_zone ?? "UTC");
  const maps = framework?.variants.map((variant) => variant.map(place)) ?? [];
  if (maps.some(({ dead_letters: letters }) => letters?.retry !== undefined))
    return `Expected no retry beside preset ${preset}, whose messages are retried through its own tables.`;
  if (source.dead_letters === undefined && !maps.some(({ dead_letters: letters }) => letters !== undefined))
    return "Expected dead_letters beside retry: there is nothing that could be retried.";
  return null;
}

function placeholders(source: SourceInput, call: ServiceCall): Found[] {
  const written = source.retry!.http.body !== undefined;
  if (isBrokenJson(call.body, contentTypeOf(call)))
    return [
      {
        path: ["http", "body"],
        message:
          "Expected JSON with :id and :consumer between quotes, found something else; another Content-Type among headers takes another text.",
      },
    ];
  const { id } = normalMap(source).dead_letters ?? {};
  const known = Array.isArray(id) ? id.map((_, i) => `id${i + 1}`) : ["id"];
  const used = [...placeholdersOf(call.url), ...placeholdersOf(call.body)];
  const unknown = used.find((name) => name !== "message" && name !== "consumer" && !known.includes(name));
  // Whoever names the message names the one that is meant.
  const left = used.includes("message") ? [] : known.filter((name) => !used.includes(name));
  const path = written || Array.isArray(id) ? ["http", "body"] : ["http", "url"];
  if (unknown)
    return [
      {
        path,
        message: `Expected only ${listed([...known, "message", "consumer"].map((one) => `:${one}`))} as parameters, found :${unknown}.`,
      },
    ];
  if (left.length === 0) return [];
  return [
    {
      path,
      message: `Expected ${listed(left.map((one) => `:${one}`))} in url or body, which name the one message that is retried.`,
    },
  ];
}

function hosts({ url, allow }: ServiceCall): Found[] {
  const { hostname } = hostOf({ url });
  if (!isAllowedHost(hostname, allow))
    return [{ path: ["http", "allow"], message: "Expected the host of url among those that may be called, found others only." }];
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (isNetwork(bare) && !mayReach(bare, allow))
    return [{ path: ["http", "url"], message: "Expected a public address, or its network such as 10.0.0.0/8 under allow." }];
  return [];
}
