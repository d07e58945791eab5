import { isKeyHolder, type Operator } from "@/lib/operators/rules";
import type { PeopleView, PersonView } from "@/lib/operators/views";
import { counted, type Part, plain, strong } from "@/lib/words";

/** How many may come in, and whether Accord hangs on one of them. */
export function peopleSentence({ operators, more }: PeopleView): Part[] {
  const active = operators.filter((one) => one.active);
  const holders = active.filter(isKeyHolder).length;
  const lead = strong(`${more ? "More than " : ""}${counted(active.length, "person", "people")} may sign in.`);
  if (more) return [lead, plain(` Only the first ${operators.length} by name are listed.`)];
  return [
    lead,
    plain(
      holders === 1
        ? " Only one of them is an administrator for all zones: make a second, or nobody is left when they are away."
        : ` ${holders} of them are administrators for all zones.`,
    ),
  ];
}

/** What somebody is and how they stand, in one sentence. */
export function personSentence({ operator, sessions }: PersonView): Part[] {
  if (!operator.active) return [strong(`${operator.name} may not sign in.`), plain(" What they did stays in the audit.")];
  const open = sessions.length === 0 ? "no session open" : `${counted(sessions.length, "session")} open`;
  return [strong(`${operator.name} is ${articled(operator.role)} for ${zonesText(operator)}`), plain(`, with ${open}.`)];
}

const articled = (role: string) => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`;

/** Where somebody looks and acts. */
export const zonesText = ({ zones }: Pick<Operator, "zones">): string =>
  zones === null ? "all zones" : zones.join(", ") || "no zone";

/** How somebody comes in. */
export const waysText: Record<Operator["signsInWith"], string> = {
  password: "password",
  openid_connect: "provider",
  both: "password or provider",
  nothing: "nothing yet",
};

/** Whether a password alone lets them in. */
export function factorText({
  signsInWith,
  secondFactorSince,
  recoveryCodesLeft,
}: Pick<Operator, "signsInWith" | "secondFactorSince" | "recoveryCodesLeft">): string {
  if (secondFactorSince !== null && recoveryCodesLeft === 0)
    return "authenticator, with no recovery code left: removed and set up again, it comes with ten";
  if (secondFactorSince !== null) return `authenticator, with ${counted(recoveryCodesLeft, "recovery code")} left`;
  return signsInWith === "openid_connect" ? "the provider's" : "none";
}

const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bFirefox\//, "Firefox"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Headless)?Chrom(?:e|ium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** What a browser says it is, in two words; its own text where that says neither. */
export function agentText(userAgent: string): string {
  const named = (all: [RegExp, string][]) => all.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [named(browsers), named(systems)];
  if (!browser) return userAgent || "not said";
  return system ? `${browser} on ${system}` : browser;
}
