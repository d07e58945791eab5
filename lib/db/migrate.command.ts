import { existsSync } from "node:fs";
import { boundStatements, migrateStore, migrationFrom, migrationsFolder } from "./migrate";

async function main(): Promise<void> {
  const plan = migrationFrom(process.env);
  if ("problem" in plan) return fail(plan.problem);
  if (!existsSync(migrationsFolder)) return fail("drizzle/migrations is missing: run npm run db:generate.");
  if (plan.warning) console.warn(plan.warning);
  const { host, pathname } = new URL(plan.ownerUrl);
  try {
    await migrateStore(plan.ownerUrl, plan.options);
    await boundStatements(plan.runtimeUrl).catch((error) =>
      console.warn(
        `The role of DATABASE_URL could not be given its statement_timeout, so that a slow statement is never given up: ${reason(error)}`,
      ),
    );
    console.log(`The store at ${host}${pathname} is up to date.`);
  } catch (error) {
    fail(`The store at ${host}${pathname} was not migrated: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error];
  return causes
    .map((cause) =>
      cause instanceof Error
        ? [cause.message, cause.cause instanceof Error ? cause.cause.message : ""].filter(Boolean).join(": ")
        : String(cause),
    )
    .join("; ");
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

await main();
