import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { environment } from "@/app/_server/me";
import { actorOf } from "@/app/_server/session";
import { Entrance } from "@/components/operators/entrance";
import { PasswordForm } from "@/components/operators/password-form";
import { returnPath } from "@/components/operators/return-path";

export const metadata: Metadata = { title: "Password" };

type Props = { searchParams: Promise<{ from?: unknown }> };

/** Where one's own password is chosen; whoever signed in with one that somebody else has seen comes no further before. */
export default async function PasswordPage({ searchParams }: Props) {
  const to = returnPath((await searchParams).from);
  const actor = await actorOf(await headers(), Date.now());
  if (!actor) redirect(`/sign-in?from=${encodeURIComponent(to)}`);
  const first = actor.mustChangePassword === true;
  return (
    <Entrance
      title={first ? "Choose a password of your own" : "Change your password"}
      note={
        first
          ? "The one that you signed in with is for one use: somebody else has seen it. Nothing is open before you have your own."
          : "Your other sessions and your personal tokens end with the old one."
      }
      environment={await environment()}
    >
      <PasswordForm email={actor.email} to={to} mayLeave={!first} />
    </Entrance>
  );
}
