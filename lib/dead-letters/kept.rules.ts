/** How long payloads of messages in these zones are kept: the shortest that a contract says; null where none does. */
export function keepMsOf(contracts: readonly { payloads?: { keepMs: number } | null }[]): number | null {
  const said = contracts.flatMap(({ payloads }) => (payloads ? [payloads.keepMs] : []));
  return said.length === 0 ? null : Math.min(...said);
}
