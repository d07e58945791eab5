import { axon4 } from "./axon4.rules";
import { cap } from "./cap.rules";
import { debezium } from "./debezium.rules";
import { eventuateTram } from "./eventuate-tram.rules";
import { goodJob } from "./good-job.rules";
import { graphileWorker } from "./graphile-worker.rules";
import { masstransitEf, masstransitSql } from "./masstransit.rules";
import { nservicebus } from "./nservicebus.rules";
import { oban } from "./oban.rules";
import { pgBoss } from "./pg-boss.rules";
import { pgTransactionalOutbox } from "./pg-transactional-outbox.rules";
import type { Preset } from "./preset.rules";
import { river } from "./river.rules";
import { solidQueue } from "./solid-queue.rules";
import { springModulith } from "./spring-modulith.rules";
import { wolverine } from "./wolverine.rules";

/** Every framework whose tables Accord reads by a map, in the order in which they are looked for. */
export const mapped: readonly Preset[] = [
  springModulith,
  masstransitEf,
  masstransitSql,
  wolverine,
  cap,
  nservicebus,
  axon4,
  eventuateTram,
  debezium,
  pgBoss,
  graphileWorker,
  pgTransactionalOutbox,
  river,
  oban,
  solidQueue,
  goodJob,
];
