import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseLetterFilter } from "@/lib/dead-letters/input";
import { listLetters } from "@/lib/dead-letters/letters";

export const GET = read(parseLetterFilter, shared(listLetters));
