import { fuzz } from "./fuzz.testing";

fuzz(5_200);
