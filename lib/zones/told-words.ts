import type { Judgement, Verdict, ZoneFacts } from "../verdicts/rules";
import type { StoredCauses } from "./rules";

/** A zone as its sentences need it. */
export type Told = {
  zoneId: string;
  title: string;
  keyName: string;
  facts: ZoneFacts;
  judgement: Judgement;
  was: Verdict | null;
  causes: StoredCauses;
};

/** A source that is not seen. */
export type Silent = Judgement["silent"][number];

/** A source by the name that people know it by: its service. */
export const serviceOf = ({ facts }: Told, sourceId: string): string =>
  facts.sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
