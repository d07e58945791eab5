import { Tag } from "@/components/ui/badge";
import { Panel, PanelHead } from "@/components/ui/panel";
import { TextPanel } from "@/components/ui/text-panel";
import type { Tone } from "@/components/ui/tone";
import type { Found, Recognised } from "@/lib/sources/views";
import { counted } from "@/lib/words";

/** What a look found, in the order of work: what it is, what is open, and the texts to copy. */
export function FoundPanels({ found }: { found: Found }) {
  const { databases, copies, undecided, grants, accord, contracts } = found;
  return (
    <>
      {databases.map((database) => (
        <DatabasePanel key={database.at} database={database} />
      ))}
      {copies.length > 0 && (
        <Panel>
          <PanelHead title="Copies of each other" note="rules of the contract below compare them" />
          <div className="px-3.5 py-3">
            <Sentences sentences={copies.map((copy) => `${copy}.`)} />
          </div>
        </Panel>
      )}
      {undecided.length > 0 && (
        <Panel>
          <PanelHead title="Not decided, or left out" note={undecided.length.toLocaleString("en-US")} />
          <div className="px-3.5 py-3">
            <Sentences sentences={undecided} />
          </div>
        </Panel>
      )}
      {databases.some(({ recognised }) => recognised.length > 0) && (
        <>
          <TextPanel
            title="accord.yaml"
            note="beside what is there already, after you read it"
            text={accord}
            copy="Copy the configuration"
            label="The suggested configuration"
          />
          {contracts.map(({ file, text }) => (
            <TextPanel
              key={file}
              title={file}
              note="a contract to begin with"
              text={text}
              copy={`Copy ${file}`}
              label={`The suggested ${file}`}
            />
          ))}
          {grants.length > 0 && (
            <TextPanel
              title="Grants"
              note="as the owner of the tables; accord_observer and accord_actor stand for your own logins"
              text={`${grants.join("\n")}\n`}
              copy="Copy the grants"
              label="The grants"
            />
          )}
          <p className="text-12 text-ink-2">
            Then <span className="mono">npm run config:check -- --connect</span> says in sentences whether all of it is as it has
            to be.
          </p>
        </>
      )}
    </>
  );
}

function DatabasePanel({ database }: { database: Found["databases"][number] }) {
  const { at, variable, version, tablesN, recognised } = database;
  return (
    <Panel>
      <PanelHead
        title={at}
        note={
          <span className="[overflow-wrap:anywhere]">
            PostgreSQL {version}, {counted(tablesN, "table")}; its address stands in {variable}
          </span>
        }
      />
      {recognised.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-2">
          None of its tables is of a framework that Accord knows, looks like an outbox, an inbox or dead letters, or shares its
          keys with another one that was looked at. If one of them holds messages all the same, map it by hand with preset
          generic.
        </p>
      ) : (
        <ul>
          {recognised.map((one) => (
            <RecognisedItem key={`${one.sourceId} ${one.title}`} one={one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

const confidenceTone: Record<Recognised["confidence"], Tone> = { certain: "ok", likely: "conv", perhaps: "risk" };

function RecognisedItem({ one }: { one: Recognised }) {
  const { title, variant, confidence, reason, seen, unseen } = one;
  return (
    <li className="space-y-2.5 border-b px-3.5 py-3 last:border-b-0">
      <div>
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 [overflow-wrap:anywhere]">
          <b className="font-semibold">{title}</b>
          {variant !== null && <span className="text-12 text-ink-2">{variant}</span>}
          <Tag tone={confidenceTone[confidence]}>{confidence}</Tag>
        </h3>
        <p className="text-12 text-ink-3 [overflow-wrap:anywhere]">{reason}</p>
      </div>
      <Told title="It will show" sentences={seen} />
      <Told title="It cannot show" sentences={unseen} />
    </li>
  );
}

function Told({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <section>
      <h4 className="pb-1 text-11 text-ink-3">{title}</h4>
      <Sentences sentences={sentences} />
    </section>
  );
}

const Sentences = ({ sentences }: { sentences: readonly string[] }) => (
  <ul className="list-disc space-y-1 pl-4 text-12 text-ink-2 [overflow-wrap:anywhere]">
    {sentences.map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ul>
);
