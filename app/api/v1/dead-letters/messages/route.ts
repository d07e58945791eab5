import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseLetterFilter } from "@/lib/dead-letters/input";
import { listLetters } from "@/lib/dead-letters/letters";
import { asksMe } from "@/lib/dead-letters/triage/query.rules";

export const GET = read(parseLetterFilter, shared(listLetters, asksMe));
