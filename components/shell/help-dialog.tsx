"use client";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { keyMap } from "./places";

/** The keyboard map. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard" note="Keys do nothing while you type.">
      <div className="grid gap-5 px-dialog-x py-dialog-y sm:grid-cols-2">
        {keyMap.map((part) => (
          <section key={part.title}>
            <h3 className="mb-1 text-11 text-ink-3">{part.title}</h3>
            <dl className="space-y-1.5">
              {part.keys.map(([keys, what]) => (
                <div key={what} className="flex items-center gap-2">
                  <dt className="flex w-16 flex-none gap-0.5">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd className="text-12 text-ink-2">{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
