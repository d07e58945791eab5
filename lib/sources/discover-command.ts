import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { counted } from "../words";
import { type Asked, discover } from "./discover";
import { suggested, undecided } from "./discovered";
import { failureWords } from "./failure-words";

const USAGE = `npm run source:discover -- <url or variable>… [--write]
  Connects to databases read-only and prints the configuration that their tables suggest: frameworks, outboxes, inboxes and dead letters, and
  business tables that are copies of each other. An address may be given as the name of an environment variable, so that no shell remembers it.
  --write  writes accord.yaml and contracts/, where there are none yet`;

/** `npm run source:discover`: what to print, and how to end. */
export async function discoverCommand(
  args: readonly string[],
  env: Record<string, string | undefined>,
  folder = ".",
): Promise<{ lines: string[]; exitCode: 0 | 1 | 2 }> {
  const write = args.includes("--write");
  const names = args.filter((one) => one !== "--write");
  if (names.length === 0 || names.some((one) => one.startsWith("-"))) return { lines: [USAGE], exitCode: 2 };
  const asked: Asked[] = [];
  for (const [i, name] of names.entries()) {
    const url = /^postgres(ql)?:\/\//.test(name) ? name : env[name];
    if (!url || !/^postgres(ql)?:\/\//.test(url))
      return {
        lines: [`Expected the address of a PostgreSQL database, or a variable that holds one, as number ${i + 1}.`],
        exitCode: 2,
      };
    asked.push(url === name ? { called: `Database ${i + 1}`, url, variable: null } : { called: name, url, variable: name });
  }
  let found: Awaited<ReturnType<typeof discover>>;
  try {
    found = await discover(asked);
  } catch (error) {
    return { lines: [failureWords(error)], exitCode: 1 };
  }
  const files = suggested(found);
  const open = undecided(found);
  const lines = [
    ...found.databases.map(
      ({ at, look, variable }) =>
        `# ${at}: PostgreSQL ${look.version}, ${counted(look.tablesN, "table")}; its address goes into ${variable}`,
    ),
    "",
    "# accord.yaml",
    files.accord,
    ...Object.entries(files.contracts).flatMap(([name, text]) => [`# ${name}`, text]),
    ...(files.grants.length > 0
      ? ["# Grants, as the owner of the tables; accord_observer and accord_actor stand for your own logins", ...files.grants, ""]
      : []),
    ...(open.length > 0 ? ["# Not decided, or left out", ...open.map((one) => `- ${one}`)] : []),
  ];
  return write ? written(folder, { "accord.yaml": files.accord, ...files.contracts }, lines) : { lines, exitCode: 0 };
}

/** Writes what is not there yet; what is there is somebody's work, and stays. */
async function written(
  folder: string,
  files: Record<string, string>,
  lines: string[],
): Promise<{ lines: string[]; exitCode: 0 | 1 }> {
  const there = (
    await Promise.all(
      Object.keys(files).map(async (name) =>
        (await access(join(folder, name)).then(
          () => true,
          () => false,
        ))
          ? [name]
          : [],
      ),
    )
  ).flat();
  if (there.length > 0)
    return {
      lines: [...lines, "", `Nothing was written: ${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already.`],
      exitCode: 1,
    };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { lines: [...lines, "", `Written: ${Object.keys(files).join(", ")}.`], exitCode: 0 };
}
