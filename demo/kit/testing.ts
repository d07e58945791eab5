import { randomBytes, randomUUID } from "node:crypto";
import type { Backoff } from "../../client/src";
import { testEnv, until } from "../../lib/db/testing";
import { installEstate, namesOf, removeEstate } from "../install";
import { createFrameworkService, createService, definitionOf, definitions, onFrameworks } from "../services";
import { databaseUrl } from "./cluster";
import type { ServiceOptions } from "./definition";
import type { RunningService } from "./service";

/** Fails five times within some milliseconds. */
export const hasty: Backoff = { attempts: 5, firstMs: 1, maxMs: 5 };

/** An estate of its own for one test file, worked by hand: nothing happens between two ticks. `frameworks`: with the services on them. */
export async function testEstate({ frameworks = false } = {}) {
  const adminUrl = process.env[testEnv.adminUrl]!;
  const prefix = `t_estate_${randomBytes(4).toString("hex")}_`;
  const { env } = await installEstate(adminUrl, { prefix, frameworks });
  const names = namesOf(prefix);
  const brokerUrl = databaseUrl(adminUrl, names.broker);
  const started: RunningService[] = [];

  const open = (name: string, options: Partial<ServiceOptions> = {}): RunningService => {
    const url = databaseUrl(adminUrl, names.database(definitionOf(name).database));
    const running = createService(name, { url, brokerUrl, backoff: hasty, pollMs: 20, ...options });
    started.push(running);
    return running;
  };
  const services = Object.fromEntries(definitions.map(({ name }) => [name, open(name)]));
  const of = (name: string): RunningService => services[name]!;
  const onFramework = Object.fromEntries(
    (frameworks ? onFrameworks : []).map(({ name, database }) => {
      const running = createFrameworkService(name, {
        url: databaseUrl(adminUrl, names.database(database)),
        brokerUrl,
        pollMs: 20,
      });
      return [name, running];
    }),
  );

  /** Rows of one service's database. */
  const rows = async <T = Record<string, unknown>>(service: string, sql: string, values: unknown[] = []): Promise<T[]> =>
    (await (services[service] ?? onFramework[service])!.service.pool.query(sql, values)).rows as T[];

  return {
    adminUrl,
    prefix,
    env,
    of,
    /** The services on frameworks, whose workers run once they are started. */
    onFramework,
    open,
    rows,
    /** Ticks the services, all by default, until the fact holds. */
    async tickUntil<T>(
      fact: () => Promise<T | null | undefined | false>,
      only: RunningService[] = Object.values(services),
    ): Promise<T> {
      return until(
        async () => {
          for (const each of only) await each.tick();
          return fact();
        },
        { withinMs: 60_000, everyMs: 5 },
      );
    },
    /** What Accord does when an operator presses retry. */
    async askAgain(
      service: string,
      deadLetter: { dead_letter_id: number; message_id: string },
      edited?: { payload: unknown; message_id: string },
    ): Promise<string> {
      const id = randomUUID();
      await rows(
        service,
        `with marked as (update messaging.dead_letter set state = 'redelivering', state_changed_at = now() where dead_letter_id = $2)
         insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, payload, edited_message_id, requested_by)
         values ($1, $2, $3, $4, $5, $6, 'jo')`,
        [id, deadLetter.dead_letter_id, service, deadLetter.message_id, edited?.payload ?? null, edited?.message_id ?? null],
      );
      return id;
    },
    async close(): Promise<void> {
      for (const each of [...started, ...Object.values(onFramework)]) await each.stop();
      await removeEstate(adminUrl, prefix);
    },
  };
}

export type TestEstate = Awaited<ReturnType<typeof testEstate>>;
