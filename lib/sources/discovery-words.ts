import { counted, listed, moment, type Part, plain, strong } from "../words";
import type { DiscoveryLook, DiscoveryView, Recognised } from "./views";

/** Why a name leads to no database, each with what to change. Nothing of what a variable holds is ever told. */
export const unreachableWords = {
  own: (called: string) =>
    `${called} leads to Accord's own store, which is no source: name the variable of a service's database.`,
  notSet: (variable: string) =>
    `The worker's environment has no ${variable}: set it to the database's address where the worker runs, start the worker anew, and look again.`,
  notPostgres: (variable: string) =>
    `${variable} holds no address of a PostgreSQL database, as in postgres://reader:…@host/orders: correct it where the worker runs, start the worker anew, and look again.`,
  noSource: (sourceId: string) =>
    `The worker's accord.yaml has no source ${sourceId}, or it cannot be read: look at the problems on the Sources screen.`,
};

/** Why a typed name is not taken; null when it is. An address is told apart first, since it holds a password. */
export function variableProblem(typed: string): string | null {
  if (/[:/@]/.test(typed))
    return "Give the variable's name, not the address: Accord takes no address here, so that no password travels through this page.";
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(typed))
    return "Expected the name of an environment variable, of letters, digits and _, as in ORDERS_DATABASE_URL.";
  return null;
}

const namesOf = ({ variables, sources }: Pick<DiscoveryLook, "variables" | "sources">): string =>
  listed([...variables, ...sources]);

/** What is true of the last look, and what to do now. */
export function discoverySentence({ look, now }: DiscoveryView): Part[] {
  if (look === null)
    return [strong("Name the databases that you have,"), plain(" and Accord looks at what stands in them, read-only.")];
  switch (look.state) {
    case "waiting":
      return [strong("The look waits for a worker,"), plain(" which takes it within seconds.")];
    case "running":
      return [strong(`A worker looks at ${namesOf(look)}.`), plain(" It takes 10 s at most.")];
    case "failed":
      return [strong("The look failed."), plain(` ${look.problem ?? ""}`)];
    case "lost":
      return [
        strong("No worker came back from the look."),
        plain(" See on the Sources screen that one runs, start it with npm run worker, and look again."),
      ];
    case "done":
      return [
        ...foundSentence(look),
        plain(" Looked at "),
        moment(look.endedAt ?? look.askedAt, now),
        plain(` for ${look.askedBy}.`),
      ];
  }
}

// A framework's name and a table's stand as they are.
const inSentence = ({ preset, title }: Recognised): string =>
  preset === "native" || preset === "tables" ? title.charAt(0).toLowerCase() + title.slice(1) : title;

function foundSentence({ found }: DiscoveryLook): Part[] {
  const { databases = [], copies = [], undecided = [] } = found ?? {};
  const recognised = databases.flatMap((one) => one.recognised);
  const titles = [...new Set(recognised.map(inSentence))];
  const tablesN = databases.reduce((sum, one) => sum + one.tablesN, 0);
  const among = ` among ${counted(tablesN, "table")} of ${counted(databases.length, "database")}.`;
  const open =
    undecided.length === 0
      ? []
      : [
          plain(
            ` ${counted(undecided.length, "thing")} could not be decided, or ${undecided.length === 1 ? "was" : "were"} left out.`,
          ),
        ];
  if (recognised.length === 0) return [strong("Nothing was recognised"), plain(among), ...open];
  const more = titles.length > 4 ? [...titles.slice(0, 4), `${titles.length - 4} more`] : titles;
  const pairs =
    copies.length === 0
      ? []
      : [plain(` ${counted(copies.length, "pair")} of tables ${copies.length === 1 ? "is" : "are"} copies by their keys.`)];
  return [strong(`Recognised ${listed(more)}`), plain(among), ...pairs, ...open];
}
