// What compilers and interpreters number, hash or generate anew at every build. Each rule is bounded; they are applied until nothing changes,
// because .NET nests one in another.
const generated: readonly [RegExp, string][] = [
  // .NET: classes of closures, lambdas, local functions, state machines of async methods and iterators.
  [/<>c(?:__DisplayClass\d+_\d+)?(?:`\d+)?(?:<[^<>]{0,100}>)?\./g, ""],
  [/<([^<>]{1,100})>g__(\w{1,100})\|\d+(?:_\d+)?/g, "$1.$2"],
  [/<([^<>]{1,100})>[a-z]__\d+(?:_\d+)?(?:`\d+)?(?:\.MoveNext)?/g, "$1"],
  [/<([^<>]{1,100})>d(?:__\d+)?\.MoveNext/g, "$1"],
  [/\b(lambda_method|AnonymousType|DynamicClass|GeneratedMethodAccessor|GeneratedConstructorAccessor)\d+/g, "$1"],
  // The JVM: lambdas, proxies, accessors, anonymous classes and functions of Java, Kotlin, Scala, Groovy and Clojure.
  [/\$\$[\w$]{1,100}(?:\/(?:0x)?[0-9a-f]{1,16})?/g, ""],
  [/\$adapted\b/g, ""],
  [/\$\d+/g, "$"],
  [/\b(_?closure|fn__|eval__|reify__|Proxy)\d+/g, "$1"],
  [/__BackingField\d+/g, "__BackingField"],
  // Go: functions without a name and what the compiler wraps around them.
  [/\b(func|gowrap|deferwrap|dwrap)\d+(?:\.\d+)*/g, "$1"],
  [/\u00b7(\w+)\u00b7\d+/g, "$1"],
  // Rust: the hash of a symbol, the number of a closure.
  [/::h[0-9a-f]{16}\b/g, ""],
  [/\{closure#\d+\}|\{\{closure\}\}/g, "{closure}"],
  // PHP: where a closure or a class without a name was written.
  [/\{closure:[^{}]{1,300}\}/g, "{closure}"],
  [/(class@anonymous)[^\s>(:]{1,300}/g, "$1"],
  // Erlang and Elixir number functions without a name.
  [/-(fun|lc|inlined)-\d+-/g, "-$1-"],
  // Ruby says how deep in blocks a line is.
  [/^(?:(?:block(?: \(\d+ levels\))?|rescue|ensure|else|eval) (?:in )?){1,5}/, ""],
  [/\b(?:0x)?(?=[0-9a-f]{0,7}[a-f])(?=[a-f]{0,7}\d)[0-9a-f]{8,}\b/g, "<hex>"],
];

/** A function's or file's name without what another build of the same code would call otherwise. */
export function stableName(name: string): string {
  let text = name.slice(0, 1_000);
  for (let pass = 0; pass < 4; pass++) {
    const before = text;
    for (const [pattern, kept] of generated) text = text.replace(pattern, kept);
    if (text === before) break;
  }
  return text;
}
