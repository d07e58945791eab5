import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { connectionOf, withTls } from "../platform/tls";
import type { Instant } from "../time";
import type { Environment } from "./environment";
import { type ParsedContract, parseAccord, parseContract } from "./input";
import { lint } from "./lint";
import { lintTelling } from "./lint-telling";
import { normalVersion } from "./normal";
import { notInForce, toldChannels } from "./not-in-force.rules";
import { type Configuration, type ContractText, type Problem, publicSource, type SourceConfig, type TlsDemand } from "./rules";
import { readSchemas } from "./schema-files";
import { readText } from "./text-file";
import type { Located } from "./yaml";

/** What the files say, what is weak about it, and what of it Accord does not do yet; or why there is no configuration. */
export type Loaded =
  | { ok: true; configuration: Configuration; warnings: Problem[]; notInForce: Problem[] }
  | { ok: false; problems: Problem[] };

// More files than this is the wrong folder.
const FILES_MAX = 500;

/** Reads accord.yaml and its contracts. All or nothing: one error anywhere, and there is no configuration. Problems name files relative to accord.yaml. */
export async function loadConfiguration(
  accordYamlPath: string,
  environment: Environment,
  now: Instant = Date.now(),
): Promise<Loaded> {
  const accordFile = basename(accordYamlPath);
  const text = await readText(accordYamlPath, accordFile);
  if (!text.ok) return { ok: false, problems: [text.problem] };
  const accord = parseAccord(text.value, accordFile, environment);
  if (!accord.ok) return accord;

  const root = dirname(resolve(accordYamlPath));
  const folder = resolve(root, accord.contracts);
  const names = await contractNames(folder);
  if (!names.ok) return { ok: false, problems: [accord.located.problem(["contracts"], names.message)] };
  const files = await Promise.all(
    names.value.map((name) => readContract(join(folder, name), relative(root, join(folder, name)))),
  );
  const { sources, problems: ofTls } = withDemands(accord, root);
  const read = files.flatMap((file) => (file.parsed.ok ? [{ ...file, ...file.parsed }] : []));
  const problems = [...ofTls, ...files.flatMap((file) => (file.parsed.ok ? file.schemaProblems : file.parsed.problems))];
  const findings = lint(
    read.map((file) => file.contract),
    sources,
    now,
    accord.telling.channels,
  );
  const located = findings.map(({ contract, path, message, severity }) =>
    read[contract]!.located.problem(path, message, { severity }),
  );
  const ofTelling = lintTelling(
    accord.telling,
    read.map((file) => file.contract),
  ).map(({ path, message }) => accord.located.problem(path, message, { severity: "warning" }));
  const all = inOrder([...problems, ...ofTelling, ...located]);
  if (all.some((problem) => problem.severity === "error")) return { ok: false, problems: all };
  const contracts = read.map(
    ({ contract, file, yaml, schemas }): ContractText => ({
      contract,
      file,
      yaml,
      contentHash: sha256([yaml, ...schemas].join("\0")),
    }),
  );
  const contentHash = sha256(
    JSON.stringify([
      normalVersion,
      accord.environment,
      accord.links,
      sources.map(publicSource),
      contracts.map((one) => [one.contract.zoneId, one.contentHash]),
      ...(accord.telling.channels.length === 0 ? [] : [accord.telling]),
    ]),
  );
  return {
    ok: true,
    configuration: {
      ...{ environment: accord.environment, links: accord.links, sources, contracts, contentHash },
      ...{ channels: accord.channels, telling: accord.telling },
    },
    warnings: all,
    notInForce: read.flatMap(({ contract, located }) =>
      notInForce(contract, toldChannels(accord.telling)).map(({ what, path, words }) =>
        located.problem(path, `Not in force yet, ${what}: ${words}`, { severity: "warning", atKey: true }),
      ),
    ),
  };
}

type Accord = { sources: SourceConfig[]; tls: TlsDemand[]; located: Located };

/** The sources with what is demanded of TLS in their addresses, and what of it cannot be kept. */
function withDemands({ sources, tls, located }: Accord, root: string): { sources: SourceConfig[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const demanding = (source: SourceConfig): SourceConfig => {
    const { mode, ca } = tls.find(({ sourceId }) => sourceId === source.sourceId)!;
    const demand = (key: "url" | "act_url", url: string): string => {
      try {
        const address = withTls(url, mode, ca === undefined ? undefined : resolve(root, ca));
        connectionOf(address);
        return address;
      } catch (error) {
        const at = ca !== undefined ? "ca" : mode !== undefined ? "tls" : key;
        problems.push(located.problem(["sources", source.sourceId, at], (error as Error).message));
        return url;
      }
    };
    const url = demand("url", source.url);
    return { ...source, url, actUrl: source.actUrl === source.url ? url : demand("act_url", source.actUrl) };
  };
  return { sources: sources.map(demanding), problems };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const inOrder = (problems: Problem[]): Problem[] =>
  problems.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));

async function contractNames(folder: string): Promise<{ ok: true; value: string[] } | { ok: false; message: string }> {
  const entries = await readdir(folder).catch(() => null);
  if (entries === null) return { ok: false, message: "Expected the folder of the contracts, found none that can be read." };
  // A mounted folder holds names with a leading dot that are its own affair.
  const names = entries.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith(".")).sort();
  if (names.length === 0)
    return { ok: false, message: "Expected one contract (*.yaml) at least in the folder of the contracts, found none." };
  if (names.length > FILES_MAX)
    return { ok: false, message: `Expected at most ${FILES_MAX} contracts, found ${names.length} files.` };
  return { ok: true, value: names };
}

type ReadContract = { parsed: ParsedContract; yaml: string; file: string; schemas: string[]; schemaProblems: Problem[] };

async function readContract(path: string, file: string): Promise<ReadContract> {
  const text = await readText(path, file);
  const none = { file, schemas: [], schemaProblems: [] };
  if (!text.ok) return { ...none, parsed: { ok: false, problems: [text.problem] }, yaml: "" };
  const parsed = parseContract(text.value, file);
  if (!parsed.ok) return { ...none, parsed, yaml: text.value };
  const { contract, schemas, problems } = await readSchemas(parsed.contract, parsed.located, path, file);
  return { parsed: { ...parsed, contract }, yaml: text.value, file, schemas, schemaProblems: problems };
}
