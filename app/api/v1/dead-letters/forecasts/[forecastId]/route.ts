import { read } from "@/app/_server/read";
import { readForecast } from "@/lib/operations/forecast";
import { parseForecastId } from "@/lib/operations/input";

export const GET = read(parseForecastId, readForecast);
