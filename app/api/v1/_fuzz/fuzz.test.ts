import { fuzz } from "./fuzz.testing";

fuzz(1_500);
