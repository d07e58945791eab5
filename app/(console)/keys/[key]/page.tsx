import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { KeyScreen } from "@/components/timeline/key-screen";
import { keyQuery } from "@/components/timeline/queries";
import { parseKey } from "@/lib/timeline/input";
import { readKey } from "@/lib/timeline/service";

type Props = { params: Promise<{ key: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function KeyPage({ params }: Props) {
  const key = decodeURIComponent((await params).key);
  const state = await hydrate([
    {
      queryKey: keyQuery(key).queryKey,
      run: async (ctx) => ({ pages: [await readKey(ctx, parseKey({ key }))], pageParams: [null] }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <KeyScreen businessKey={key} />
    </HydrationBoundary>
  );
}
