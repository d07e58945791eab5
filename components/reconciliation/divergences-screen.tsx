import { Page } from "@/components/shell/page";
import { DivergenceList } from "./divergence-list";
import { RulesPanel } from "./rules-panel";

/** Everything that an authority and a projection do not say the same about. */
export function DivergencesScreen() {
  return (
    <Page crumbs={[{ label: "Divergences" }]}>
      <DivergenceList headline />
      <RulesPanel zoneId={null} />
    </Page>
  );
}
