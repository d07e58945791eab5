import { read } from "@/app/_server/read";
import { parseProof } from "@/lib/operations/input";
import { readProof } from "@/lib/operations/proof";

export const GET = read(parseProof, readProof);
