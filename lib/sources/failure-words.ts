import { SourceProblem } from "./failures.rules";

/** Why a source could not be read, in words; an address or a password never gets in. */
export function failureWords(error: unknown): string {
  if (error instanceof SourceProblem) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case "ECONNREFUSED":
      return "The database refuses connections.";
    case "ENOTFOUND":
      return "The database's host name is not known.";
    case "standby":
      return "This address leads to a standby, where rows would be lost without a word, so it is not read: give the address of the primary. What was known stays as it was.";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_GET_ISSUER_CERT":
      return "Nobody whom this machine trusts has signed the server's certificate: name the authority's file in ca:.";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "The server's certificate is for another host name than the address has: use the name of the certificate, or tls: verify-ca.";
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "The server's certificate is not valid today: it has expired, or begins later.";
    case "25006":
      return "This address leads to a standby or a read-only database, which takes no writes: give the address of the primary.";
    case "28P01":
      return "The database does not accept the name or the password of this connection.";
    case "28000":
      return notLetIn(message ?? "");
    case "3D000":
      return "The database does not exist.";
    case "55000":
    case "57P03":
      return "The database is not accepting connections.";
    case "57P01":
    case "57P02":
      return "The database closed the connection.";
    case "53300":
      return "The database has no connection left.";
    case "42P01":
    case "3F000":
      return "The native tables are missing: run npm run source:install for this source.";
    case "42883":
      return `The native tables lack a function (${message ?? ""}): run npm run source:install again.`;
    case "42703":
      return `The native tables lack a column (${message ?? ""}): run npm run source:install again.`;
    case "42501":
      // With row_security off the server refuses what it would otherwise answer with fewer rows.
      if (/row-level security/.test(message ?? ""))
        return `Row-level security would hide rows from the observer (${message}): give its role bypassrls, or disable row security on that table. What was known stays as it was.`;
      return notAllowed(message ?? "");
    case "57014":
      return "A look took longer than 5 s and was given up.";
    default:
      if (/does not support SSL/i.test(message ?? ""))
        return "The server offers no TLS, which tls: (or sslmode) demands: switch ssl on there, or say tls: disable.";
      return /timeout|terminated|ECONNRESET|EPIPE|closed/i.test(message ?? "")
        ? "The database did not answer in time."
        : `The look failed: ${(message ?? String(error)).replace(/postgres(ql)?:\/\/\S+/g, "…").slice(0, 300)}`;
  }
}

/** The same where a database is met for the first time: whether anything there speaks PostgreSQL is not known yet. */
export function openingWords(error: unknown): string {
  const { code, message = "" } = error as { code?: string; message?: string };
  const is = code === "ECONNRESET" || code === "EPIPE" || /terminated|timeout expired|trying to connect/i.test(message);
  return is && !(error instanceof SourceProblem)
    ? "Nothing that speaks PostgreSQL answered within 3 s: see that host and port are the database's, and that it runs."
    : failureWords(error);
}

/** The server names what it has no line for in pg_hba.conf: most often a connection without TLS. */
function notLetIn(message: string): string {
  if (/no encryption|SSL off/i.test(message))
    return "The database lets nobody in without TLS: say tls: verify-full (or require) for this source, or sslmode in its address.";
  if (/pg_hba\.conf/i.test(message)) return "The database has no line in pg_hba.conf for this role, host and database: add one.";
  if (/not permitted to log in/i.test(message)) return "The role of this connection may not log in: alter role … login.";
  return "The database does not accept the name or the password of this connection.";
}

/** Which right is missing, and who gives it: the installer gives those on the native tables, the server's administrator those on its functions. */
function notAllowed(message: string): string {
  const database = /permission denied for database (\S+)/i.exec(message)?.[1];
  if (database) return `The role of this connection may not connect to ${database}: grant connect on database ${database} to it.`;
  const found = /permission denied for (?:function (\w+)|(?:\w+ )?(\w+))/i.exec(message);
  if (found?.[1]?.startsWith("pg_"))
    return `The observer may not call ${found[1]}, which tells one database from another: grant execute on function ${found[1]}() to its role, as an administrator of the server.`;
  const what = found?.[1] ?? found?.[2];
  return what
    ? `The role of this connection lacks a right on ${what}: run npm run source:install again, which gives the observer what it reads and the actor what it writes.`
    : "The role of this connection lacks a right on the native tables: run npm run source:install again.";
}
