import { Tag } from "@/components/ui/badge";
import { Icon } from "@/components/ui/icons";
import type { SagaStage } from "@/lib/sagas/rules";
import { stageWords } from "@/lib/sagas/words";
import { stageLook } from "./words";

/** Where a saga stands, as icon and word. */
export function StageTag({ stage }: { stage: SagaStage }) {
  const { tone, icon } = stageLook[stage];
  return (
    <Tag tone={tone}>
      <Icon name={icon} size={12} />
      {stageWords[stage]}
    </Tag>
  );
}
