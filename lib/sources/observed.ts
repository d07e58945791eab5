import type { ContractMap } from "../contracts/map.rules";
import type { Source } from "./source";

/** A source that this worker may poll: how to reach it, and what the contracts say about its rows; `contractHash` tells one set of contracts from another. */
export type Observed = { sourceId: string; service: string; source: Source; map: ContractMap; contractHash?: string };
