import { Icon } from "./icons";

/** Why the buttons beside it do nothing, or who can; a blocked action stays visible and says so. */
export function BlockedNote({ reason }: { reason: string | null }) {
  if (reason === null) return null;
  return (
    <p className="mt-1.5 flex items-start gap-1.5 text-12 text-ink-2">
      <Icon name="lock" size={12} className="mt-0.5" />
      {reason}
    </p>
  );
}
