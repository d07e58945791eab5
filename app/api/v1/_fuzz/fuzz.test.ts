import { fuzz } from "./fuzz.testing";

fuzz(2_000);
