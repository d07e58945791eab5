import fc from "fast-check";

const wanted = process.env.ACCORD_TEST_SEED ?? "20261127";

// The same inputs in every run, so that whoever breaks a property is the first to see it. The soak tries others: `random`, or a number.
fc.configureGlobal({ seed: wanted === "random" ? Date.now() % 2 ** 31 : Number(wanted) });
