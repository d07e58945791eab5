"use client";
import { Fault } from "@/components/ui/fault";

export default function ConsoleError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <div className="p-6">
      <Fault digest={error.digest} retry={retry} />
    </div>
  );
}
