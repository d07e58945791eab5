import { parseArgs } from "node:util";
import { loadConfiguration } from "../contracts/files";
import type { SourceConfig } from "../contracts/rules";
import { failureWords } from "./failure-words";
import { type InstallOptions, installNative, type Login, printedSql } from "./presets/native/install";

const USAGE = `npm run source:install -- <source> --admin-url postgres://owner:password@host/database
  Puts the native tables, their triggers and the roles accord_observer and accord_actor into a service's database. Doing it again changes nothing.
  <source>     a name of accord.yaml (ACCORD_CONFIG); the logins of its url and act_url are made if they are missing
  --admin-url  an address with the right to create a schema there, and roles where they are missing; or ADMIN_DATABASE_URL
  --service-role <role>  the role that the service writes as, which gets the rights on the tables that it needs; may be given several times
  --print=roles|tables   prints the SQL instead, for a migration tool or somebody else to run: roles once a server, tables once a database`;

type Plan = { options: InstallOptions } & ({ adminUrl: string } | { print: "roles" | "tables" });

/** Installs the native tables for one source of the configuration; answers what to print, and how to end. */
export async function installSource(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<{ line: string; exitCode: 0 | 1 }> {
  const plan = await planOf(args, env);
  if ("problem" in plan) return { line: plan.problem, exitCode: 1 };
  if ("print" in plan) return { line: printedSql(plan.print, plan.options), exitCode: 0 };
  try {
    await installNative(plan.adminUrl, plan.options);
    const { host, pathname } = new URL(plan.adminUrl);
    return { line: `The native tables stand in the schema ${plan.options.schema} of ${host}${pathname}.`, exitCode: 0 };
  } catch (error) {
    return { line: `Nothing was installed: ${failureWords(error)}`, exitCode: 1 };
  }
}

async function planOf(args: readonly string[], env: Record<string, string | undefined>): Promise<Plan | { problem: string }> {
  let given: { values: { "admin-url"?: string; "service-role"?: string[]; print?: string }; positionals: string[] };
  try {
    given = parseArgs({
      args: [...args],
      options: { "admin-url": { type: "string" }, "service-role": { type: "string", multiple: true }, print: { type: "string" } },
      allowPositionals: true,
    });
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
  const { print, "service-role": serviceRoles = [] } = given.values;
  if (print === "roles" || print === "tables") return { print, options: optionsOf(source, serviceRoles, null) };
  if (print !== undefined) return { problem: `--print is roles or tables.\n${USAGE}` };
  const adminUrl = given.values["admin-url"] ?? env.ADMIN_DATABASE_URL;
  if (!adminUrl || !URL.canParse(adminUrl))
    return { problem: `--admin-url is missing: who may create a schema and roles in the database of ${name}?\n${USAGE}` };
  return { adminUrl, options: optionsOf(source, serviceRoles, new URL(adminUrl).username) };
}

function optionsOf(source: SourceConfig, serviceRoles: string[], admin: string | null): InstallOptions {
  const { observer, actor } = loginsOf(source, admin);
  return { schema: source.schema, serviceRoles, ...(observer ? { observer } : {}), ...(actor ? { actor } : {}) };
}

// An address that the administrator owns needs no login made for it.
function loginsOf(source: SourceConfig, admin: string | null): { observer: Login | undefined; actor: Login | undefined } {
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
