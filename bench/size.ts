/** How large a run is, and whether its data stays for the next one. */
export type Size = { full: boolean; keep: boolean; rows: number | null };
