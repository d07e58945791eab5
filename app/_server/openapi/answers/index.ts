export * as decisions from "./decisions";
export * as discovery from "./discovery";
export * as operations from "./operations";
export * as people from "./people";
export * as records from "./records";
export * as sagas from "./sagas";
export * as sources from "./sources";
export * as zones from "./zones";
