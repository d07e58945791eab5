import { postJson } from "@/components/fetch";

/** Has a worker look at databases, by the names of variables and of sources. */
export const requestLook = (asked: { variables: string[]; sources: string[] }, key: string): Promise<{ lookId: string }> =>
  postJson("/api/v1/discovery", asked, key);
