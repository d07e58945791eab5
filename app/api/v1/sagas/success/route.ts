import { read } from "@/app/_server/read";
import { parseSuccess } from "@/lib/sagas/input";
import { readSuccess } from "@/lib/sagas/service";

export const GET = read(parseSuccess, readSuccess);
