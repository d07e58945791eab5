import { write } from "@/app/_server/write";
import { parseComment } from "@/lib/cases/input";
import { commentCase } from "@/lib/cases/service";

export const POST = write(parseComment, commentCase);
