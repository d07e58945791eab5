import { read } from "@/app/_server/read";
import { readEdited } from "@/lib/operations/edit";
import { parseEdited } from "@/lib/operations/input";

export const GET = read(parseEdited, readEdited);
