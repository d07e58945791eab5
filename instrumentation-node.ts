import type { Instrumentation } from "next";
import { closeAll, endConnectionsOnClosing } from "@/app/_server/closing";
import { letAnswersBeCompressed, servePacked } from "@/app/_server/compression";
import { log } from "@/app/_server/log";
import { secretProblem } from "@/lib/launch/rules";
import { oidcConfigFrom } from "@/lib/operators/sign-in/input";

/** Says what the environment lacks, has answers compressed, and closes open streams when the process is told to end. */
export function start(): void {
  const secret = secretProblem(process.env);
  if (secret !== null && process.env.NODE_ENV === "production") {
    log.error({ name: "NEXTAUTH_SECRET" }, secret);
    console.error(secret);
    process.exit(1);
  }
  for (const name of ["DATABASE_URL", "NEXTAUTH_URL"]) if (!process.env[name]) log.error({ name }, `${name} is missing`);
  try {
    oidcConfigFrom(process.env);
  } catch (error) {
    log.error({ fault: error }, "the provider of identities is configured by halves");
  }
  letAnswersBeCompressed();
  servePacked();
  endConnectionsOnClosing();
  process.once("SIGTERM", closeAll);
  process.once("SIGINT", closeAll);
}

/** Logs a failed page without its query, which names business keys. */
export function logFailure(...[error, request, context]: Parameters<Instrumentation.onRequestError>): void {
  const path = request.path.split("?")[0];
  log.error({ method: request.method, path, route: context.routePath, fault: error }, "a page failed");
}
