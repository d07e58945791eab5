import { Refusal } from "../refusal";

/** The answer about a zone that the actor may not see: as for one that is not there, so that names cannot be found by asking. */
export const noZone = () => new Refusal("not_found", "There is no such zone, or it is not among yours.");
