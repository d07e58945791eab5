import { type Answer, ok, said } from "./answer-words";
import { captureAnswer } from "./capture-words";
import {
  type ConnectionFacts,
  limits,
  type SourceCheck,
  type SourceCheckName,
  type SourceFacts,
  sourceChecks,
  type TableFacts,
  testedVersions,
} from "./check.rules";
import { failureWords } from "./failure-words";

const notAsked = said("unknown", "This could not be asked, because the connection was not made.");

/** A source's facts as rows: each check in a sentence, with what to do. One that could not be asked is unknown, never ok. */
export function sourceCheckRows(facts: SourceFacts): SourceCheck[] {
  const { observer, actor } = facts;
  const asked = (say: (connection: ConnectionFacts) => Answer): Answer => (observer instanceof Error ? notAsked : say(observer));
  const answers: Record<SourceCheckName, Answer> = {
    observer: connected("observer", observer),
    actor:
      actor === null ? ok("This source is observed only (act: false): nothing connects to write.") : connected("actor", actor),
    version: asked(version),
    compared: compared(facts.compared),
    capture: captureAnswer(facts.capture),
    standby: asked((one) => standby(one, actor)),
    pooler: asked((one) => pooler(one, actor)),
    tls: asked((one) => tls(one, actor)),
    clock: asked(clock),
    encoding: asked(encoding),
    settings: asked(settings),
    observer_rights: rights("observer", facts.observerTables),
    actor_rights:
      facts.actorTables === null
        ? ok("This source is observed only: nobody needs a right to write.")
        : rights("actor", facts.actorTables),
    map: mapAnswer(facts.map),
    row_security: ofTables(facts.observerTables, rowSecurity),
    indexes: ofTables(facts.observerTables, indexes),
    call: callAnswer(facts.call),
    poll: poll(facts),
  };
  // Where nothing is mapped there is nothing to say of a map, and where nobody is asked to retry nothing of a call.
  const told = sourceChecks.filter((check) => (check !== "map" && check !== "call") || facts[check] !== undefined);
  return told.map((check) => ({ check, ...answers[check] }));
}

function connected(side: "observer" | "actor", facts: ConnectionFacts | Error): Answer {
  if (facts instanceof Error)
    return said(
      "fail",
      `The ${side} does not get in. ${failureWords(facts)}`,
      side === "observer"
        ? "Mend the source's url in accord.yaml, or what it names."
        : "Mend the source's act_url in accord.yaml, or say act: false.",
    );
  return ok(`The ${side} connects as ${facts.role}.`);
}

function version({ versionNum, version: named }: ConnectionFacts): Answer {
  const tested = testedVersions.join(" and ");
  if (versionNum < limits.versionMin)
    return said("fail", `This is PostgreSQL ${named}; Accord reads by snapshots, which begin with 13.`, "Upgrade the server.");
  return versionNum >= limits.versionMax
    ? said(
        "warn",
        `This is PostgreSQL ${named}, newer than what Accord is tested with (${tested}).`,
        "Look at this page after the first day.",
      )
    : ok(`This is PostgreSQL ${named}; Accord is tested with ${tested}.`);
}

const PRIMARY = "Give the address of the primary; a host name that follows it after a failover is best.";

function standby(observer: ConnectionFacts, actor: SourceFacts["actor"]): Answer {
  if (observer.standby)
    return said(
      "fail",
      "This is a standby (pg_is_in_recovery): its snapshots do not name the transactions that still run on the primary, so that rows would be lost. It is not read.",
      PRIMARY,
    );
  if (actor !== null && !(actor instanceof Error) && actor.standby)
    return said("fail", "The actor's address leads to a standby, which takes no writes.", PRIMARY);
  return ok("This is the primary, not a standby.");
}

function pooler(observer: ConnectionFacts, actor: SourceFacts["actor"]): Answer {
  const sides = [
    observer.pooled && "the observer's",
    actor !== null && !(actor instanceof Error) && actor.pooled && "the actor's",
  ];
  const between = sides.filter(Boolean).join(" and ");
  return between === ""
    ? ok("No pooler lies between.")
    : ok(
        `A pooler lies between on ${between} connection: nothing is kept from one transaction to the next, so every mode will do.`,
      );
}

function tls(observer: ConnectionFacts, actor: SourceFacts["actor"]): Answer {
  const all = [observer, ...(actor !== null && !(actor instanceof Error) ? [actor] : [])].map((one) => one.tls);
  const demand = "Say tls: verify-full for this source in accord.yaml, with ca: where the certificate is of your own authority.";
  if (all.some(({ encrypted, near }) => !encrypted && !near))
    return said("warn", "The connection is not encrypted: whoever is between reads passwords' proofs and every row.", demand);
  if (all.some(({ encrypted, verified }) => encrypted && !verified))
    return said("warn", "The connection is encrypted, but nobody checks whose certificate it is.", demand);
  return ok(
    all.every(({ encrypted }) => encrypted)
      ? "The connection is encrypted, and the server's certificate is checked."
      : "The connection is not encrypted, and does not leave this machine.",
  );
}

function clock({ clock: { before, at, after } }: ConnectionFacts): Answer {
  const off = Math.round(at < before ? at - before : at > after ? at - after : 0);
  if (Math.abs(off) <= limits.clockMsMax) return ok(`The server's clock agrees with this machine's (${Math.abs(off)} ms apart).`);
  return said(
    "warn",
    `The server's clock is ${(Math.abs(off) / 1000).toFixed(1)} s ${off > 0 ? "ahead of" : "behind"} this machine's; ages are corrected by it.`,
    "Let both machines follow the same time server (NTP).",
  );
}

function encoding({ encoding: name }: ConnectionFacts): Answer {
  return name === "SQL_ASCII"
    ? said(
        "warn",
        "The database has no encoding (SQL_ASCII): it takes any bytes, and a row whose bytes are no text is counted as unreadable.",
        "Move the service to a database in UTF8.",
      )
    : ok(`The database is in ${name}.`);
}

function settings({ own, pinned, wanted }: ConnectionFacts): Answer {
  const lost = Object.keys(wanted).filter((name) => pinned[name] !== wanted[name]);
  if (lost.length > 0)
    return said(
      "fail",
      `Settings that shape text do not stay as Accord sets them: ${lost.join(", ")}.`,
      "Let the role set them.",
    );
  const differ = Object.keys(wanted).filter((name) => own[name] !== wanted[name]);
  return ok(
    differ.length === 0
      ? "The settings that shape text are as Accord wants them."
      : `Accord sets what shapes text in each transaction; here ${differ.map((name) => `${name} is ${own[name]}`).join(", ")}, which changes nothing.`,
  );
}

function ofTables(facts: TableFacts | Error | null, say: (facts: TableFacts) => Answer): Answer {
  if (facts === null) return noMessages;
  return facts instanceof Error ? said("unknown", "This could not be asked of the tables.") : say(facts);
}

const noMessages = ok("This source has business tables only (preset tables): there are no message tables to ask about.");

function compared(facts: SourceFacts["compared"]): Answer {
  if (facts instanceof Error) return said("unknown", "What rules compare here could not be asked.");
  if (facts.length === 0) return ok("No rule of a contract compares a table of this source.");
  const problems = facts.flatMap(({ problem }) => problem ?? []);
  return problems.length === 0
    ? ok(`Rules can compare ${facts.map(({ relation }) => relation).join(", ")} along an index.`)
    : said("fail", problems.join(" "), "Change the table or the observer's rights as said; the rule goes on by itself.");
}

function rights(side: "observer" | "actor", facts: TableFacts | Error | null): Answer {
  if (facts === null) return noMessages;
  if (facts instanceof Error) return said("unknown", `The ${side}'s rights could not be asked. ${failureWords(facts)}`);
  if (facts.missing.length > 0)
    return said(
      "fail",
      `The ${side} lacks: ${facts.missing.map(({ right }) => right).join(", ")}.`,
      `${facts.byInstaller === false ? "As" : "Run npm run source:install again, or as"} the tables' owner: ${facts.missing.map(({ grant }) => `${grant};`).join(" ")}`,
    );
  if (facts.beyond.length > 0)
    return said(
      "warn",
      `The ${side} may do more than it needs: it may ${side === "observer" ? "write" : "delete"} ${facts.beyond.join(", ")}.`,
      facts.byInstaller === false
        ? `Give the ${side} a role of its own with no other right than it needs.`
        : `Give the ${side} a role of its own, as npm run source:install makes one.`,
    );
  return ok(`The ${side} has every right that it needs, and none beyond.`);
}

/** How a map fits; every field that does not, since all of them are put right in one go. */
/** Whether the service would be asked, as far as that is told without asking it. */
function callAnswer(facts: SourceFacts["call"]): Answer {
  if (facts === undefined) return notAsked;
  return facts.problem === null
    ? ok(`The service is asked to retry by ${facts.call}, and its address may be called.`)
    : said(
        "fail",
        `The service would not be asked to retry by ${facts.call}: it ${facts.problem}.`,
        "Mend retry.http in accord.yaml, or the name.",
      );
}

function mapAnswer(facts: SourceFacts["map"]): Answer {
  if (facts === undefined) return notAsked;
  if (facts instanceof Error) return said("fail", failureWords(facts), "Mend what is named in accord.yaml, or the tables.");
  if (facts.mistakes.length > 0)
    return said(
      "fail",
      `The map does not fit the tables: ${facts.mistakes.map(({ kind, field, why }) => `${kind}.${field}: ${why}`).join(" · ")}.`,
      "Mend these fields in accord.yaml.",
    );
  const found =
    facts.variant === null
      ? "Every field of the map fits the tables."
      : `The tables are those of ${facts.variant}, and every field fits them.`;
  return facts.notes.length > 0
    ? said("warn", `${found} ${facts.notes.join(" ")}`, "Add what is named, where the cost or the gap matters.")
    : ok(found);
}

const rowSecurity = ({ hidden }: TableFacts): Answer =>
  hidden.length === 0
    ? ok("No row security hides rows from the observer.")
    : said(
        "fail",
        `Row security would hide rows of ${hidden.join(", ")} from the observer.`,
        "Give its role bypassrls, or disable row security on these tables.",
      );

const indexes = ({ indexes: missing }: TableFacts): Answer =>
  missing.length === 0
    ? ok("Every index that Accord reads along is there and valid.")
    : said(
        "fail",
        `Without these indexes a poll reads whole tables: ${missing.map(({ name, table }) => `${name} on ${table}`).join(", ")}.`,
        "Run npm run source:install again; drop an index first that is not valid.",
      );

function poll({ poll: facts, observer }: SourceFacts): Answer {
  if (observer instanceof Error) return notAsked;
  if (observer.standby) return said("unknown", "No poll was made, because a standby is not read.");
  if (facts instanceof Error)
    return said("fail", `A poll fails. ${failureWords(facts)}`, "Mend what is named, then check again.");
  const ms = Math.round(facts.ms);
  return ms > limits.pollMsMax
    ? said("warn", `One poll takes ${ms} ms of the server's time.`, "Look at the rows above, and at what else runs there.")
    : ok(`One poll takes ${ms} ms.`);
}
