import { createHash } from "node:crypto";
import { linkKeyOf } from "../channels/link.rules";
import type { ChannelConfig } from "../channels/rules";
import { loadConfiguration } from "../contracts/files";
import { contractMap } from "../contracts/map.rules";
import type { Configuration } from "../contracts/rules";
import { publicSource } from "../contracts/rules";
import { applyConfiguration, readContracts, reportBrokenConfiguration, withdrawConfigurationReport } from "../contracts/service";
import type { Db } from "../db/pool";
import { heartbeat, resign } from "../leases/service";
import type { Log } from "../log";
import { deliverDue } from "../notifications/deliver";
import { askDigests } from "../notifications/digest";
import { sendHeartbeats } from "../notifications/heartbeat";
import { applyTelling } from "../notifications/service";
import type { Sender } from "../notifications/trouble";
import { applyContracts } from "../observation/contracts";
import { proveKeys } from "../proofs/prove";
import { limits as proofLimits } from "../proofs/rules";
import { followRules, type RunnableRule, runnableRules } from "../reconciliation/reconcile";
import { checkDueSources } from "../sources/check";
import { lookAsAsked } from "../sources/discovery";
import type { Observed } from "../sources/observed";
import { sourceRegistry } from "../sources/registry";

export type WorkOptions = {
  db: Db;
  workerId: string;
  configPath: string;
  env: Record<string, string | undefined>;
  log: Log;
  startedAt: number;
};

/** What a worker carries from task to task: its open sources and what the contracts in force say. Everything that matters stands in the store. */
export class Work {
  readonly db: Db;
  readonly workerId: string;
  readonly log: Log;
  observed: Observed[] = [];
  rules: RunnableRule[] = [];
  /** Polls under way, so that none overlaps with itself. */
  readonly polling = new Map<string, Promise<void>>();
  /** Rules that have their turn, likewise. */
  readonly reconciling = new Map<string, Promise<void>>();
  /** Channels that have something sent, likewise. */
  readonly sending = new Map<string, Promise<void>>();
  /** The channels of this worker's files, while these are what is in force. */
  private channels: ChannelConfig[] = [];
  private readonly registry = sourceRegistry();
  private configuration: Configuration | null = null;
  private inForce = "";

  constructor(private readonly options: WorkOptions) {
    this.db = options.db;
    this.workerId = options.workerId;
    this.log = options.log;
  }

  /** Says that this worker lives. */
  async heartbeat(): Promise<void> {
    await heartbeat(this.db, this.workerId, this.options.startedAt);
  }

  /** Reads the files; what is valid is put in force, what is broken is reported, and what was in force goes on. */
  async configure(): Promise<void> {
    const ctx = { db: this.db, actor: { kind: "worker", workerId: this.workerId } as const, now: Date.now() };
    const loaded = await loadConfiguration(this.options.configPath, this.options.env);
    if (!loaded.ok) {
      await reportBrokenConfiguration(ctx, loaded.problems);
      for (const problem of loaded.problems)
        this.log.error(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
    } else {
      const { configuration, warnings } = loaded;
      const result = await applyConfiguration(ctx, configuration, warnings, async (tx) => {
        await applyContracts(tx, configuration.sources, ctx.now);
        await applyTelling(tx, configuration.telling);
      });
      this.channels = result.outcome === "differs" ? [] : configuration.channels;
      if (result.outcome === "applied") this.log.info({ zones: result.changed }, "configuration applied");
      this.configuration = configuration;
    }
    await this.follow();
  }

  /** Follows what is in force: contracts from the store, addresses from this worker's files. */
  private async follow(): Promise<void> {
    if (!this.configuration) return;
    const contracts = await readContracts(this.db);
    const now = JSON.stringify([contracts, this.configuration.sources]);
    if (now === this.inForce) return;
    await this.registry.keep(this.configuration.sources);
    const map = contractMap(contracts, this.configuration.sources);
    const contractHash = createHash("sha256")
      .update(JSON.stringify([contracts, this.configuration.sources.map(publicSource)]))
      .digest("hex")
      .slice(0, 16);
    this.observed = this.configuration.sources.map((config) => ({
      sourceId: config.sourceId,
      service: config.service,
      source: this.registry.open(config),
      map,
      contractHash,
    }));
    this.rules = runnableRules(contracts, new Map(this.observed.map(({ sourceId, source }) => [sourceId, source])));
    await followRules(this.db, contracts, Date.now());
    this.inForce = now;
  }

  /** Looks at the keys of what operations delivered, until none is due. */
  async prove(signal: AbortSignal): Promise<void> {
    const { db, rules, observed } = this;
    const zonesOfSource = (sourceId: string) => observed[0]?.map.zonesOfSource(sourceId) ?? [];
    while (!signal.aborted && (await proveKeys({ db, rules, zonesOfSource }, signal)) === proofLimits.keysPerTurn);
  }

  /** Asks the sources that nobody asked lately whether they are set up as Accord needs it. */
  async checkSources(): Promise<void> {
    const { sources = [], contracts = [] } = this.configuration ?? {};
    await checkDueSources(
      this.db,
      sources,
      contracts.map(({ contract }) => contract),
      Date.now(),
    );
  }

  /** Looks at the databases that an administrator asked about, also where there is no configuration yet. */
  lookAsAsked(): Promise<void> {
    return lookAsAsked(this.db, this.workerId, { env: this.options.env, sources: this.configuration?.sources ?? [] });
  }

  /** What the address of this installation is, for links in messages; null where the worker was not told. */
  get baseUrl(): string | null {
    const url = this.options.env.NEXTAUTH_URL;
    return url && URL.canParse(url) ? url : null;
  }

  private get sender(): Sender {
    const { NEXTAUTH_SECRET: secret } = this.options.env;
    const linkKey = secret ? linkKeyOf(secret) : null;
    return { db: this.db, environment: this.configuration?.environment ?? "", baseUrl: this.baseUrl, linkKey };
  }

  /** Sends what is due on the channels of this worker. */
  send(signal: AbortSignal): Promise<void> {
    const start = (name: string, work: Promise<void>) => this.note(this.sending, "send", name, work);
    return deliverDue(this.sender, this.channels, { has: (name) => this.sending.has(name), start }, signal);
  }

  /** Asks for the digests that are due. */
  askDigests(): Promise<void> {
    return askDigests(this.sender);
  }

  /** Tells the dead man's switches of this worker's files that Accord lives. */
  beat(): Promise<void> {
    return sendHeartbeats(this.sender, this.channels);
  }

  /** Notes a poll that is under way until it ends; what it throws is logged. */
  poll(sourceId: string, poll: Promise<void>): void {
    this.note(this.polling, "poll", sourceId, poll);
  }

  /** Notes a rule's turn that is under way until it ends. */
  reconcile(rule: string, turn: Promise<void>): void {
    this.note(this.reconciling, "reconcile", rule, turn);
  }

  private note(running: Map<string, Promise<void>>, what: string, of: string, work: Promise<void>): void {
    const ended = work.catch((error) => this.log.error({ fault: error, of }, what)).finally(() => running.delete(of));
    running.set(of, ended);
  }

  /** Lets go of everything: the next worker with newer files need not wait for this one's silence. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.polling.values(), ...this.reconciling.values(), ...this.sending.values()]);
    await this.registry.close();
    await withdrawConfigurationReport({ db: this.db, actor: { kind: "worker", workerId: this.workerId }, now: Date.now() });
    await resign(this.db, this.workerId);
  }
}
