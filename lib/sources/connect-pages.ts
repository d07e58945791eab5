import { mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { abilitiesOf } from "../presets/abilities.rules";
import { mapped } from "../presets/all.rules";
import { placeOf } from "../presets/known.rules";
import type { At, Preset, Variant } from "../presets/preset.rules";
import { windowWords } from "../time";
import { recordedWords } from "./abilities-words";

const FOLDER = new URL("../../docs/connect/frameworks/", import.meta.url);

/** A page for each framework, by its file's name: what its preset says, so that neither promises what the other does not do. */
export function connectPages(): Record<string, string> {
  return Object.fromEntries(mapped.map((preset) => [`${preset.name}.md`, pageOf(preset)]));
}

/** An environment variable, as accord.yaml takes it. */
const variable = (name: string): string => ["$", "{", name, "}"].join("");
const list = (sentences: readonly string[]): string => sentences.map((sentence) => `- ${sentence}`).join("\n");
const statements = (of: readonly string[], role: string): string =>
  of.map((grant) => `${grant.replaceAll("ROLE", role)};`).join("\n");

function pageOf(preset: Preset): string {
  const place = placeOf(preset.schema, "UTC");
  const [first] = preset.variants as [Variant, ...Variant[]];
  const abilities = abilitiesOf(first.map(place), preset.derived);
  const told = recordedWords({ preset: preset.name, abilities, variant: null, notes: [] })!;
  const acts = abilities.deadLetters?.retry || abilities.deadLetters?.discard;
  return `# ${preset.title}

No change of schema, and no code: a reader's login${acts ? ", and one that may change what a retry changes" : ""}. Recognised: ${preset.variants.map(({ name }) => name).join(" · ")}; other tables are refused with what was found and what is known.

## Set it up

1. As the owner of the tables, with names of your own for the ${acts ? "two logins" : "login"}${preset.schema === "public" ? ", and your schema where it is another than public" : ""}:

${rights(preset, place, Boolean(acts))}

2. In \`accord.yaml\`${abilities.deadLetters && !abilities.deadLetters.key ? ", with the path of your own business key" : ""}, and \`schema:\` where the tables stand in another one than ${preset.schema}:

\`\`\`yaml
version: 1
environment: production
sources:
  orders:
    service: order-service
    preset: ${preset.name}
    url: ${variable("ORDERS_DATABASE_URL")}
${acts ? `    act_url: ${variable("ORDERS_ACT_DATABASE_URL")}\n` : "    act: false\n"}    consumers: [order-service]           # as the table names them${keyExample(preset, abilities.deadLetters !== null && !abilities.deadLetters.key)}
\`\`\`

3. A contract in \`contracts/orders.yaml\`: what is promised, and who answers for it. Events that it names ([configuration.md](../../configuration.md#a-contract)) put what is parked of them into its zone; until then administrators see it without one.

\`\`\`yaml
version: 1
zone: orders
title: Orders
promise: What the order service is asked to do is done.
facts: [{ fact: order, authority: orders }]
expectation: { class: eventual, window: 15m }
accountability: { owner: checkout }
\`\`\`

4. \`npm run config:check -- --connect\` tries every expression and every grant on the tables, and says what is missing.

## What is seen

${list(told.seen)}

## What is not

${list(told.unseen)}

## Retry

${list([...beatWords(preset), ...told.hazards])}
${
  preset.application
    ? `
[How Accord asks the application](../retry-over-http.md): what stands in \`accord.yaml\`, and the endpoint that the service adds.
`
    : ""
}`;
}

const sql = (lines: string): string => `\`\`\`sql\n${lines}\n\`\`\``;
const LOGINS = { accord_observer: "observer", accord_actor: "actor" } as const;

/** The logins and what each is granted: where variants have tables of other names, the rights of each variant. */
function rights(preset: Preset, place: At, acts: boolean): string {
  const roles = (Object.keys(LOGINS) as (keyof typeof LOGINS)[]).filter((role) => acts || role === "accord_observer");
  const create = (role: string) => `create role ${role} login password '…';`;
  const granted = (variant: Variant) => roles.map((role) => statements(variant.grants(place)[LOGINS[role]], role));
  const byRights = new Map<string, { names: string[]; granted: string[] }>();
  for (const variant of preset.variants) {
    const own = granted(variant);
    const known = byRights.get(own.join());
    byRights.set(own.join(), { names: [...(known?.names ?? []), variant.name], granted: own });
  }
  const [only, ...others] = byRights.values();
  if (others.length === 0) return only!.granted.map((lines, i) => sql(`${create(roles[i]!)}\n${lines}`)).join("\n\n");
  return [
    sql(roles.map(create).join("\n")),
    "and then, for the variant that you have (`npm run source:discover` names it):",
    ...[...byRights.values()].flatMap(({ names, granted }) => [`*${names.join(", ")}*`, sql(granted.join("\n"))]),
  ].join("\n\n");
}

/** How it takes up what is retried, and from when on that is told as uncertain. */
const beatWords = ({ title, beat }: Preset): string[] =>
  beat === null
    ? []
    : [
        beat.words,
        `What ${title} has not taken within ${windowWords(beat.withinMs)}, while it takes nothing else either, is told as uncertain until it is taken or parked anew.`,
      ];

/** Where a team's own key stands, by the payload that the preset knows. */
function keyExample({ keyExample: own, ...preset }: Preset, missing: boolean): string {
  if (!missing) return "";
  const payload = preset.variants[0]!.map(placeOf(preset.schema, "UTC")).dead_letters?.payload;
  const key = own ?? `${payload} $.orderId`;
  return `\n    dead_letters: { key: ${JSON.stringify(key)} }`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await mkdir(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(connectPages())) await writeFile(new URL(name, FOLDER), text);
}
