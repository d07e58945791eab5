export { type Attempted, attemptAll, attemptOnce, type Work } from "./attempts.js";
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
export { attemptOf, type Ended, endedIn, type Failure, failureOf } from "./failure.js";
export { serviceGrants } from "./grants.js";
export { release, sweep } from "./held.js";
export { type Arrival, receive, standing } from "./inbox.js";
export { inLanes } from "./lanes.js";
export { type Loop, loop, troubleTeller } from "./loop.js";
export { type Message, messageColumns, messageOf, messageValues, type Payload, selectMessage, traceparent } from "./message.js";
export { type Cause, emit, type Fact, nextVersion, versionTable } from "./outbox.js";
export { park } from "./parking.js";
export { redeliver } from "./redelivery.js";
export { type Publish, relay } from "./relay.js";
export { forget, type Kept, usuallyKept } from "./retention.js";
export { beginSaga, compensateDue, endStep, type Saga, type SagaDefinition, type SagaState, stateOf } from "./saga.js";
export {
  type Attempt,
  type Backoff,
  type Handler,
  type Outcome,
  type Producer,
  type Service,
  usualBackoff,
  type Verdict,
  waitAfter,
} from "./service.js";
export { type Database, rowsOf, type Sql } from "./sql.js";
export { type StartOptions, start } from "./start.js";
