import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { environment } from "@/app/_server/me";
import { actorOf } from "@/app/_server/session";
import { Entrance } from "@/components/operators/entrance";
import { FactorForm } from "@/components/operators/factor-form";
import { returnPath } from "@/components/operators/return-path";

export const metadata: Metadata = { title: "Second factor" };

type Props = { searchParams: Promise<{ from?: unknown }> };

/** Where a second factor is set up; whoever needs one and has none comes no further before. */
export default async function SecondFactorPage({ searchParams }: Props) {
  const to = returnPath((await searchParams).from);
  const actor = await actorOf(await headers(), Date.now());
  if (!actor) redirect(`/sign-in?from=${encodeURIComponent(to)}`);
  if (actor.mustChangePassword) redirect(`/password?from=${encodeURIComponent(to)}`);
  const first = actor.mustSetSecondFactor === true;
  return (
    <Entrance
      title="Set up a second factor"
      note={
        first
          ? "Nothing is open by a password alone here. From now on signing in takes a code of your authenticator as well."
          : "Signing in by password then takes a code of your authenticator as well. Your other sessions end."
      }
      environment={await environment()}
    >
      <FactorForm email={actor.email} to={to} mayLeave={!first} />
    </Entrance>
  );
}
