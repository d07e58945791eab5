export type { Attempted } from "./attempts.js";
export { consume, consumeOnce } from "./consumer.js";
export {
  drizzleDatabase,
  drizzleSql,
  kyselyDatabase,
  kyselySql,
  pgDatabase,
  prismaDatabase,
  prismaSql,
} from "./databases.js";
export type { Failure } from "./failure.js";
export { serviceGrants } from "./grants.js";
export { release, sweep } from "./held.js";
export { standing } from "./inbox.js";
export { inLanes } from "./lanes.js";
export { type Loop, loop, troubleTeller } from "./loop.js";
export { type Message, messageColumns, messageOf, type Payload, selectMessage, traceparent } from "./message.js";
export { type Cause, emit, type Fact, nextVersion, versionTable } from "./outbox.js";
export { park } from "./parking.js";
export { redeliver } from "./redelivery.js";
export { type Publish, relay, type Which } from "./relay.js";
export { forget, type Kept } from "./retention.js";
export { beginSaga, compensateDue, endStep, type Saga, type SagaDefinition, type SagaState } from "./saga.js";
export type {
  Attempt,
  Backoff,
  Handler,
  Outcome,
  Producer,
  Service,
  Verdict,
} from "./service.js";
export type { Database, Sql } from "./sql.js";
export { type StartOptions, start } from "./start.js";
