"use client";
import { Fault } from "@/components/ui/fault";

export default function RootError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto max-w-xl px-4 py-24">
      <Fault digest={error.digest} retry={retry} />
    </main>
  );
}
