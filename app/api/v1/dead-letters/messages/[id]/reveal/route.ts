import { write } from "@/app/_server/write";
import { parseReveal } from "@/lib/dead-letters/input";
import { revealPayload } from "@/lib/dead-letters/reveal";

export const POST = write(parseReveal, revealPayload);
