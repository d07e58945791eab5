import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { environment } from "@/app/_server/me";
import { actorOf, provider } from "@/app/_server/session";
import { Entrance } from "@/components/operators/entrance";
import { returnPath } from "@/components/operators/return-path";
import { SignInForm } from "@/components/operators/sign-in-form";
import { failureWords } from "@/components/operators/words";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ from?: unknown; again?: unknown; refused?: unknown; error?: unknown }> };

export default async function SignInPage({ searchParams }: Props) {
  const params = await searchParams;
  const to = returnPath(params.from);
  // Whoever is to show once more who they are is signed in already.
  const again = params.again !== undefined;
  // The page must open while the store is away: it is where people find out.
  const actor = await actorOf(await headers(), Date.now()).catch(() => null);
  if (actor && !again) redirect(to);
  const name = provider()?.name ?? null;
  return (
    <Entrance title="Sign in" note="To see whether the services agree on what happened." environment={await environment()}>
      <SignInForm to={to} again={again} provider={name} failure={failureWords(params, name ?? "your provider")} />
    </Entrance>
  );
}
