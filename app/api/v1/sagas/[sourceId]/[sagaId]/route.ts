import { read } from "@/app/_server/read";
import { parseSagaId } from "@/lib/sagas/input";
import { readSaga } from "@/lib/sagas/service";

export const GET = read(parseSagaId, readSaga);
