import type { Metadata } from "next";
import { environment } from "@/app/_server/me";
import { UnsubscribeLink } from "@/components/channels/unsubscribe-link";
import { Entrance } from "@/components/operators/entrance";

export const metadata: Metadata = { title: "Unsubscribe", referrer: "no-referrer" };

/** Where the link of a digest leads. Opening it ends nothing: programs open links too. */
export default async function UnsubscribePage() {
  return (
    <Entrance title="Unsubscribe" note="From digests, not from alerts." environment={await environment()}>
      <UnsubscribeLink />
    </Entrance>
  );
}
