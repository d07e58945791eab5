import type { Metadata } from "next";
import { environment } from "@/app/_server/me";
import { AcknowledgeLink } from "@/components/channels/acknowledge-link";
import { Entrance } from "@/components/operators/entrance";

export const metadata: Metadata = { title: "Acknowledge", referrer: "no-referrer" };

/** Where the link of a message about an alert leads. Opening it does nothing: programs open links too. */
export default async function AcknowledgePage() {
  return (
    <Entrance title="Acknowledge" note="Say that you look, so that nobody else is told." environment={await environment()}>
      <AcknowledgeLink />
    </Entrance>
  );
}
