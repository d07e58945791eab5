import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { loadConfiguration } from "../contracts/files";
import type { SourceConfig } from "../contracts/rules";
import { failureWords } from "../observation/rules";
import { installNative, type Login } from "./presets/native/install";

const USAGE = `npm run source:install -- <source> --admin-url postgres://owner:password@host/database
  Puts the native tables, their triggers and the roles accord_observer and accord_actor into a service's database. Doing it again changes nothing.
  <source>     a name of accord.yaml (ACCORD_CONFIG); the logins of its url and act_url are made if they are missing
  --admin-url  an address with the right to create a schema and roles there; or ADMIN_DATABASE_URL`;

type Plan = { adminUrl: string; schema: string; observer: Login | undefined; actor: Login | undefined };

/** Installs the native tables for one source of the configuration; answers what to print, and how to end. */
export async function installSource(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<{ line: string; exitCode: 0 | 1 }> {
  const plan = await planOf(args, env);
  if ("problem" in plan) return { line: plan.problem, exitCode: 1 };
  try {
    await installNative(plan.adminUrl, {
      schema: plan.schema,
      ...(plan.observer ? { observer: plan.observer } : {}),
      ...(plan.actor ? { actor: plan.actor } : {}),
    });
    const { host, pathname } = new URL(plan.adminUrl);
    return { line: `The native tables stand in the schema ${plan.schema} of ${host}${pathname}.`, exitCode: 0 };
  } catch (error) {
    return { line: `Nothing was installed: ${failureWords(error)}`, exitCode: 1 };
  }
}

async function planOf(args: readonly string[], env: Record<string, string | undefined>): Promise<Plan | { problem: string }> {
  let given: { values: { "admin-url"?: string }; positionals: string[] };
  try {
    given = parseArgs({ args: [...args], options: { "admin-url": { type: "string" } }, allowPositionals: true });
  } catch (error) {
    return { problem: `${(error as Error).message}\n${USAGE}` };
  }
  const [name] = given.positionals;
  if (!name) return { problem: USAGE };
  const loaded = await loadConfiguration(env.ACCORD_CONFIG ?? "accord.yaml", env);
  if (!loaded.ok) return { problem: loaded.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.message}`).join("\n") };
  const { sources } = loaded.configuration;
  const source = sources.find((one) => one.sourceId === name);
  if (!source)
    return { problem: `accord.yaml has no source "${name}"; it has ${sources.map((one) => one.sourceId).join(", ")}.` };
  if (source.preset !== "native")
    return {
      problem: `${name} is read through the preset ${source.preset}: its framework makes its own tables, and Accord installs none.`,
    };
  const adminUrl = given.values["admin-url"] ?? env.ADMIN_DATABASE_URL;
  if (!adminUrl || !URL.canParse(adminUrl))
    return { problem: `--admin-url is missing: who may create a schema and roles in the database of ${name}?\n${USAGE}` };
  return { adminUrl, schema: source.schema, ...loginsOf(source, adminUrl) };
}

// An address that the administrator owns needs no login made for it.
function loginsOf(source: SourceConfig, adminUrl: string): { observer: Login | undefined; actor: Login | undefined } {
  const admin = new URL(adminUrl).username;
  const login = (text: string): Login | undefined => {
    const url = new URL(text);
    return url.username && url.password && url.username !== admin
      ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
      : undefined;
  };
  const observer = login(source.url);
  // One address for both does both: the actor may also read.
  return source.actUrl === source.url && source.act
    ? { observer: undefined, actor: observer }
    : { observer, actor: login(source.actUrl) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { line, exitCode } = await installSource(process.argv.slice(2), process.env);
  (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
}
