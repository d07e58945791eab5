import type { Discovered, Discovery } from "./discover";
import type { FoundFramework } from "./discover.rules";
import { type Part, sourcesOf } from "./discovered-parts";
import { contractOf, copyWords, firstContract } from "./starter";
import type { Found } from "./views";

/** The files that a discovery suggests, as text with its reasons as comments, and the grants that they take. */
export type Suggested = { accord: string; contracts: Record<string, string>; grants: string[] };

/** A framework whose tables stand there in a shape that nobody knows. */
const unknownWords = ({ at }: Discovered, { preset, schema, tables }: FoundFramework): string =>
  `${at}: ${schema} has ${tables.join(", ")} of ${preset.title}, in a shape that no known version makes (${preset.variants.map(({ name }) => name).join(", ")}).`;

/** Everything that could not be decided, or was left out, in whole sentences. */
export function undecided({ databases, left }: Discovery): string[] {
  return [
    ...left,
    ...databases.flatMap((one) => [
      ...(one.look.standby ? [`${one.at} is a standby, which is no source: give the address of the primary.`] : []),
      ...one.frameworks.flatMap((found) => (found.variant === null ? [unknownWords(one, found)] : [])),
      ...one.shaped
        .filter(({ kind, fields }) => kind === "dead_letters" && fields.parked === undefined)
        .map(
          ({ relation }) =>
            `${one.at}: which value of its status says that a row of ${relation.schema}.${relation.name} is parked; map parked: by hand.`,
        ),
      ...(one.look.tablesN === 0 ? [`${one.at} has no table that this login may know of.`] : []),
    ]),
  ];
}

/** The configuration that a discovery suggests. */
export const suggested = (discovery: Discovery): Suggested =>
  suggestedBy(
    discovery,
    discovery.databases.map((one) => sourcesOf(one, discovery.copies)),
  );

/** The same for a screen: what was recognised beside the texts to copy. Names of tables and columns, and nothing out of a row. */
export function foundOf(discovery: Discovery): Found {
  const sources = discovery.databases.map((one) => sourcesOf(one, discovery.copies));
  const { accord, contracts, grants } = suggestedBy(discovery, sources);
  return {
    databases: discovery.databases.map(({ at, variable, look: { version, tablesN } }, i) => ({
      ...{ at, variable, version, tablesN },
      recognised: sources[i]!.recognised,
    })),
    copies: discovery.copies.map(copyWords),
    undecided: undecided(discovery),
    grants,
    accord,
    contracts: Object.entries(contracts).map(([file, text]) => ({ file, text })),
  };
}

function suggestedBy(discovery: Discovery, sources: readonly Part[]): Suggested {
  const copies = contractOf(discovery.copies);
  const sourceIds = [...new Set(sources.flatMap(({ recognised }) => recognised.map(({ sourceId }) => sourceId)))];
  // Without a contract the files would be refused.
  const contracts: Record<string, string> =
    copies !== null
      ? { "contracts/copies.yaml": copies }
      : sourceIds.length > 0
        ? { "contracts/first.yaml": firstContract(sourceIds) }
        : {};
  const lines = [
    "version: 1",
    "environment: production",
    "sources:",
    ...sources.flatMap(({ lines }) => lines),
    "contracts: ./contracts",
    "",
  ];
  return {
    accord: lines.join("\n"),
    contracts,
    grants: sources.flatMap(({ grants }, i) => {
      const own = [...new Set(grants)];
      return sources.length > 1 && own.length > 0 ? [`-- in ${discovery.databases[i]!.look.database}`, ...own] : own;
    }),
  };
}
