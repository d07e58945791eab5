import type { ChannelConfig, Telling } from "../channels/rules";
import { normalChannels, tellingOf, tellingProblems } from "./channels-read";
import { contradictions } from "./coherence";
import { type Environment, takesVariable, withEnvironment } from "./environment";
import type { LinkTemplates } from "./links.rules";
import { linkProblems } from "./links-read";
import { normalContract, normalSources } from "./normal";
import { redacted, secretsIn } from "./redact";
import type { Contract, Problem, SourceConfig, TlsDemand } from "./rules";
import { contractShape } from "./shape";
import { accordShape } from "./shape-sources";
import { mapProblems } from "./source-map";
import { retryProblems } from "./source-retry";
import { validate } from "./validate";
import { type Located, limits, readYaml } from "./yaml";

export type ParsedContract = { ok: true; contract: Contract; located: Located } | { ok: false; problems: Problem[] };
export type ParsedAccord =
  | {
      ok: true;
      environment: string;
      links: LinkTemplates;
      sources: SourceConfig[];
      tls: TlsDemand[];
      contracts: string;
      channels: ChannelConfig[];
      telling: Telling;
      located: Located;
    }
  | { ok: false; problems: Problem[] };

/** One contract's text into a contract, or every problem in it. `file` is only what problems say. */
export function parseContract(text: string, file: string): ParsedContract {
  const located = readYaml(text, file);
  if (located.value === undefined) return { ok: false, problems: located.problems };
  const checked = validate(contractShape, located);
  const problems = [...located.problems, ...variableProblems(located), ...(checked.ok ? [] : checked.problems)];
  if (checked.ok)
    problems.push(
      ...contradictions(checked.value).map(({ path, message, atKey = false }) => located.problem(path, message, { atKey })),
    );
  if (!checked.ok || problems.length > 0) return { ok: false, problems: problems.slice(0, limits.problemsMax) };
  return { ok: true, contract: normalContract(checked.value), located };
}

/** accord.yaml's text into sources, or every problem in it. No problem repeats a variable's value or a password. */
export function parseAccord(text: string, file: string, environment: Environment): ParsedAccord {
  const read = readYaml(text, file);
  const literal = secretsIn(text);
  if (read.value === undefined) return { ok: false, problems: redacted(read.problems, literal) };
  const { located, hidden, secrets } = withEnvironment(read, environment);
  const checked = validate(
    accordShape,
    located,
    (path) => hidden(path) ?? (mayHoldSecret(path.at(-1)) ? "something else" : null),
  );
  // A variable that is not set has its own problem already.
  const spoken = new Set(located.problems.map((problem) => `${problem.line}:${problem.column}`));
  const maps = checked.ok
    ? [
        ...mapProblems(checked.value),
        ...retryProblems(checked.value),
        ...linkProblems(checked.value),
        ...tellingProblems(checked.value, hidden, environment),
      ].map(({ path, message }) => located.problem(path, message))
    : [];
  const more = checked.ok ? maps : checked.problems.filter((problem) => !spoken.has(`${problem.line}:${problem.column}`));
  const problems = [...located.problems, ...more].slice(0, limits.problemsMax);
  if (!checked.ok || problems.length > 0)
    return {
      ok: false,
      problems: redacted(problems, [...literal, ...secrets.flatMap((secret) => [secret, ...secretsIn(secret)])]),
    };
  const { value } = checked;
  const channels = normalChannels(value);
  return {
    ok: true,
    environment: value.environment,
    links: (value.links ?? {}) as LinkTemplates,
    sources: normalSources(value),
    tls: Object.entries(value.sources).map(([sourceId, { tls, ca }]) => ({ sourceId, mode: tls, ca })),
    contracts: value.contracts ?? "./contracts",
    channels,
    telling: tellingOf(value, channels),
    located,
  };
}

const mayHoldSecret = (field: unknown): boolean => ["url", "act_url", "smtp", "secret", "routing_key"].includes(String(field));

// The text of a contract and all its values are stored and shown, so nothing of the environment may enter it.
function variableProblems(located: Located): Problem[] {
  const found: Problem[] = [];
  const open: { value: unknown; path: (string | number)[] }[] = [{ value: located.value, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, path } = place;
    if (typeof value === "string" && takesVariable(value))
      found.push(
        located.problem(
          path,
          "Expected plain text: a contract is stored and shown, so it takes no environment variable; accord.yaml does.",
        ),
      );
    const inside: [string | number, unknown][] = Array.isArray(value)
      ? value.map((item, i) => [i, item])
      : Object.entries(Object(value));
    if (typeof value === "object") for (const [key, item] of inside) open.push({ value: item, path: [...path, key] });
  }
  return found.reverse();
}
