const VALUE = "<value>";

// How databases and parsers quote the value that they refuse, each with the words that stand around it. The value may be anything, brackets and
// quotes included, so it ends where the words after it begin. Sources: PostgreSQL's, MySQL's, SQL Server's and MongoDB's lists of messages.
const sentences: readonly RegExp[] = [
  /(\bKey \(.{1,300}?\)=\()[\s\S]{0,1000}?(\) (?:already exists|is (?:not present|still referenced|duplicated|referenced)|conflicts with))/g,
  /(\bkey \(.{1,300}?\)=\()[\s\S]{0,1000}?(\)[.\n]|\)$)/g,
  /(\)=\()[^\n]{0,1000}?(\)(?=[\s.,;\u00ab\u00bb"']|$))/g,
  /(\bFailing row contains \()[\s\S]{0,1500}(\)(?:\.|\s|$))/g,
  /(\binvalid input (?:syntax for type|value for enum) [\w ".]{1,100}: ")[\s\S]{0,1000}?("(?:[\s.]|$))/g,
  /(\bvalue (?:out of range|too long[^:]{0,60}|"?)[:]? ?")[^"\n]{0,500}(" (?:is )?out of range)/g,
  /(\bout of range: ")[^"\n]{0,500}(")/g,
  /(\bDuplicate entry ')[\s\S]{0,1000}?(' for key)/g,
  /(\b(?:Incorrect|Truncated incorrect) [\w ]{1,40} value: ')[\s\S]{0,1000}?('(?: for column|$|\s))/g,
  /(\bduplicate key value is \()[\s\S]{0,1000}?(\)(?:\.|$))/g,
  /(\bconverting the \w{1,40} value ')[\s\S]{0,1000}?(' to data type)/g,
  /(\bTruncated value: ')[\s\S]{0,1000}?('(?:\.|$))/g,
  /(\bdup key: \{)[\s\S]{0,1000}?(\}(?:\s|,|$))/g,
  /(\bFor input string: ")[\s\S]{0,500}?("(?:\s|$))/g,
  /(\bwith base \d{1,2}: ')[\s\S]{0,500}?('(?:\s|$))/g,
  /(\bcould not convert string to \w{1,20}: ')[\s\S]{0,500}?('(?:\s|$))/g,
  /(\b(?:input string|String) ')[\s\S]{0,500}?(' was not (?:in a correct format|recognized as))/g,
  /(\bparsing ")[\s\S]{0,500}?(": )/g,
  /(\binvalid value for \w{1,20}\(\): ")[\s\S]{0,500}?("(?:\s|$))/g,
  /(\bfrom String ")[\s\S]{0,500}?("(?::|\s|$))/g,
];

// What each of these sentences has in it: most messages have none of it, and are not looked through twenty times.
const SOME_SENTENCE =
  /[Kk]ey \(|\)=\(|Failing row|invalid input|out of range|Duplicate entry|value: '|duplicate key value|converting the|Truncated value|dup key|For input string|with base|could not convert|' was not |parsing "|invalid value for|from String "/;

/** A message without the values that a server or a parser quotes in its own words: `Key (code)=(SPRING) already exists.` */
export const withoutQuotedValues = (message: string): string =>
  SOME_SENTENCE.test(message) ? sentences.reduce((text, sentence) => text.replace(sentence, `$1${VALUE}$2`), message) : message;
