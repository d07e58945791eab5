import { read } from "@/app/_server/read";
import { parseSagaFilter } from "@/lib/sagas/input";
import { listSagas } from "@/lib/sagas/service";

export const GET = read(parseSagaFilter, listSagas);
