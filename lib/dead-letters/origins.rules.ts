import type { Instant } from "../time";

/** Of a sample of each group's messages: the schemas and the producer's versions that they came in, and that producer's last deploy before the first of them. */
export type Origin = {
  groupId: number;
  schemas: (number | null)[];
  versions: (string | null)[];
  deploy: { version: string; at: Instant; before: string | null } | null;
};

/** That failures began with their producer: its deploy just before, the schema in which all of a sample came and no contract knows it, or both. */
export type ProducerChange = {
  sourceId: string;
  deploy: { version: string; at: Instant; before: string | null } | null;
  schema: { version: number; known: number[] } | null;
};

/** What a producer changed, where all of a sample tell of it: a deploy is to blame only for what it sent. */
export function changeOf(
  { sourceId, known }: { sourceId: string; known: readonly number[] },
  { schemas, versions, deploy }: Pick<Origin, "schemas" | "versions" | "deploy">,
): ProducerChange | null {
  const [version] = schemas;
  const strange = schemas.length === 1 && version != null && known.length > 0 && !known.includes(version);
  const sentByIt = deploy !== null && versions.length === 1 && versions[0] === deploy.version;
  if (!strange && !sentByIt) return null;
  return { sourceId, deploy: sentByIt ? deploy : null, schema: strange ? { version, known: [...known] } : null };
}
