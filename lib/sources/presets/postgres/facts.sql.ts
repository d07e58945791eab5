import type pg from "pg";
import type { ConnectionFacts, SlotFacts } from "../../source";
import { inTransaction, pinnedSettings } from "./connection";

const SHAPING = ["timezone", "datestyle", "intervalstyle", "extra_float_digits", "bytea_output", "xmlbinary", "lc_monetary"];

type Socket = { encrypted?: boolean; authorized?: boolean; remoteAddress?: string };
// What pg knows of a connection and does not declare: the process that the server named at the start, and the socket.
type Inside = pg.ClientBase & { processID?: number; connection?: { stream?: Socket } };

type Row = {
  role: string;
  versionNum: number;
  version: string;
  standby: boolean;
  pid: number;
  encoding: string;
  at: number;
};

/** How a connection stands: its server, what lies between, and what shapes the text of values on it. */
export async function selectConnectionFacts(pool: pg.Pool): Promise<ConnectionFacts> {
  const own = await selectSettings(pool);
  return inTransaction(pool, "begin read only", async (client) => {
    const before = Date.now();
    const { rows } = await client.query<Row>(
      `select current_user as role, current_setting('server_version_num')::int as "versionNum", current_setting('server_version') as version,
         pg_is_in_recovery() as standby, pg_backend_pid() as pid, current_setting('server_encoding') as encoding,
         (extract(epoch from clock_timestamp()) * 1000)::float8 as at`,
    );
    const after = Date.now();
    const { pid, at, ...row } = rows[0]!;
    const { processID, connection } = client as Inside;
    const socket = connection?.stream ?? {};
    return {
      ...row,
      // A pooler hands out process numbers of its own.
      pooled: processID !== undefined && processID !== null && processID !== pid,
      tls: {
        encrypted: socket.encrypted === true,
        verified: socket.authorized === true,
        near: socket.remoteAddress === undefined || /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress),
      },
      own,
      pinned: await selectSettings(client),
      wanted: Object.fromEntries(SHAPING.map((name) => [name, String(pinnedSettings[name])])),
      clock: { before, at, after },
    };
  });
}

async function selectSettings(on: pg.Pool | pg.ClientBase): Promise<Record<string, string>> {
  const { rows } = await on.query<{ name: string; value: string }>(
    "select n as name, current_setting(n) as value from unnest($1::text[]) n",
    [SHAPING],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** The logical slots of this database, which everybody may see; there are a handful. */
export async function selectSlots(pool: pg.Pool): Promise<SlotFacts[]> {
  return inTransaction(pool, "begin read only", async (client) => {
    const { rows } = await client.query<SlotFacts>(
      // What its reader does is shown to members of pg_monitor; since when it has none, from version 17 on.
      `select s.slot_name as slot, s.active, s.wal_status as "walStatus",
         pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn)::text as "behindBytes",
         (extract(epoch from r.flush_lag) * 1000)::float8 as "lagMs", r.state is not null as "isTimed",
         (extract(epoch from clock_timestamp() - (to_jsonb(s) ->> 'inactive_since')::timestamptz) * 1000)::float8 as "unreadMs"
       from pg_replication_slots s left join pg_stat_replication r on r.pid = s.active_pid
       where s.slot_type = 'logical' and s.database = current_database() order by s.slot_name limit 20`,
    );
    return rows;
  });
}
