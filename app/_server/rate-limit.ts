import { Refusal } from "@/lib/refusal";

/** How much one may ask: so many a second, and as many at once as fill the bucket. */
export type Allowance = { perSecond: number; burst: number };

/** Token buckets by key, as many as `most`: beyond that the one that asked longest ago is forgotten, which only gives it a full bucket again. */
export class Limiter {
  private readonly buckets = new Map<string, { level: number; at: number }>();

  constructor(
    private readonly allowance: Allowance,
    private readonly most = 10_000,
  ) {}

  /** Takes one request out of a bucket; 0 when it was there, else in how many seconds there is one. */
  take(key: string, now: number): number {
    const { perSecond, burst } = this.allowance;
    const known = this.buckets.get(key) ?? { level: burst, at: now };
    const level = Math.min(burst, known.level + (Math.max(0, now - known.at) / 1_000) * perSecond);
    this.buckets.delete(key);
    this.buckets.set(key, { level: level >= 1 ? level - 1 : level, at: Math.max(now, known.at) });
    if (this.buckets.size > this.most) this.buckets.delete(this.buckets.keys().next().value!);
    return level >= 1 ? 0 : (1 - level) / perSecond;
  }

  /** How many buckets are held. */
  get size(): number {
    return this.buckets.size;
  }
}

// Eight tabs of one person ask for some 20 things a second at their liveliest; a script that asks for more should ask for less.
const PER_SECOND = 100;
const BURST_S = 10;
// An office shares an address, and so do the people behind one proxy of a company.
const shares = { actors: 1, strangers: 1 / 5, addresses: 5 } as const;
type Who = keyof typeof shares;
type Limits = Record<Who, Limiter>;

// On globalThis: routes are bundled apart, and each would count for itself. Several web processes count apart, each to the full.
const held = globalThis as { accordLimits?: Limits };

function limits(): Limits {
  const asked = Number(process.env.ACCORD_REQUESTS_PER_SECOND);
  const perSecond = asked > 0 ? asked : PER_SECOND;
  const limiter = (share: number) => new Limiter({ perSecond: perSecond * share, burst: perSecond * share * BURST_S });
  held.accordLimits ??= {
    actors: limiter(shares.actors),
    strangers: limiter(shares.strangers),
    addresses: limiter(shares.addresses),
  };
  return held.accordLimits;
}

const from: Record<Who, string> = {
  actors: "from you",
  strangers: "from this address without a session or token",
  addresses: "from this address",
};

/** Counts a request of somebody known, of a stranger's address, or of an address whoever asks; a Refusal that says when to go on once it is too much. */
export function spend(who: Who, key: string, now: number): void {
  const waitS = limits()[who].take(key, now);
  if (waitS === 0) return;
  const retryAfterS = Math.ceil(waitS);
  throw new Refusal("throttled", `Too many requests ${from[who]}. Go on in ${retryAfterS} s, and ask less often.`, {
    retryAfterS,
  });
}
