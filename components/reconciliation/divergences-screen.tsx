import { Page } from "@/components/shell/page";
import { DivergenceList } from "./divergence-list";

/** Everything that an authority and a projection do not say the same about. */
export function DivergencesScreen() {
  return (
    <Page crumbs={[{ label: "Divergences" }]}>
      <DivergenceList headline />
    </Page>
  );
}
