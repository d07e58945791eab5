/** A stack of the corpus: the failure it is one of, and whether a program made it or it was written from the language's documented form. */
export type Stack = { family: string; made: boolean; label: string; errorType: string; errorMessage: string; errorStack: string };

type Input = { key: string; rows: string; code: string; booking: string };
type Build = { folder: string; line: number; closure: number };

const inputs: readonly Input[] = [
  { key: "ORD-1", rows: "12, 15, 19", code: "SPRING", booking: "X7K2PQ" },
  { key: "ORD-77", rows: "12", code: "early (bird)", booking: "QF9ZL1" },
];
const builds: readonly Build[] = [
  { folder: "/src", line: 42, closure: 5 },
  { folder: "/home/build/stock", line: 57, closure: 7 },
  { folder: "/agent/_work/1/s", line: 172, closure: 12 },
];

const caller = (
  b: Build,
) => `   at Acme.Stock.Consumer.<Run>d__${b.closure}.MoveNext() in ${b.folder}/Consumer.cs:line ${b.line + 20}
--- End of stack trace from previous location ---
   at MassTransit.Middleware.ConsumerMessageFilter\`2.Send(ConsumeContext\`1 context)`;
const own = (b: Build, method: string) => `   at Acme.Stock.Reserve.${method} in ${b.folder}/Reserve.cs:line ${b.line}`;
const ended = "   --- End of inner exception stack trace ---";

type Failure = (i: Input, b: Build) => { type: string; message: string; inner?: string; frames: string };

const failures: Record<string, Failure> = {
  reserve: (_, b) => ({
    type: "System.NullReferenceException",
    message: "Object reference not set to an instance of an object.",
    frames: own(b, `<>c__DisplayClass${b.closure}_0.<Handle>b__${b.closure - 5}(Order order)`),
  }),
  release: (_, b) => ({
    type: "System.NullReferenceException",
    message: "Object reference not set to an instance of an object.",
    frames: own(b, `<Release>g__Quantity|${b.closure}_1(Order order)`),
  }),
  "aggregate timeout": (i, b) => ({
    type: "System.AggregateException",
    message: `One or more errors occurred. (The operation for ${i.key} has timed out.)`,
    inner: ` ---> System.TimeoutException: The operation for ${i.key} has timed out.\n${ended}`,
    frames: own(b, "Handle(Order order)"),
  }),
  "aggregate argument": (i, b) => ({
    type: "System.AggregateException",
    message: `One or more errors occurred. (The operation for ${i.key} has timed out.)`,
    inner: ` ---> System.ArgumentNullException: Value cannot be null. (Parameter 'warehouse')\n${ended}`,
    frames: own(b, "Handle(Order order)"),
  }),
  "wrapped connect": (i, b) => ({
    type: "Acme.Stock.OrderFailedException",
    message: `could not reserve ${i.key}`,
    inner: ` ---> Npgsql.NpgsqlException (0x80004005): Failed to connect to 10.0.0.${i.key.length}:5432\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at Npgsql.Internal.NpgsqlConnector.Connect(NpgsqlTimeout timeout)\n${ended}\n   at Npgsql.Internal.NpgsqlConnector.Connect(NpgsqlTimeout timeout)\n   at Acme.Stock.Db.Open() in ${b.folder}/Db.cs:line ${b.line}\n${ended}`,
    frames: own(b, "Handle(Order order)"),
  }),
  "wrapped argument": (i, b) => ({
    type: "Acme.Stock.OrderFailedException",
    message: `could not reserve ${i.key}`,
    inner: ` ---> System.ArgumentException: no warehouse ${i.booking}\n   at Acme.Stock.Warehouse.Of(String code) in ${b.folder}/Warehouse.cs:line ${b.line}\n${ended}`,
    frames: own(b, "Handle(Order order)"),
  }),
  rows: (i, b) => ({ type: "System.ArgumentException", message: `Rows failed: ${i.rows}`, frames: own(b, "Rows(Int32[] rows)") }),
  coupon: (i, b) => ({
    type: "Microsoft.Data.SqlClient.SqlException",
    message: `Violation of UNIQUE KEY constraint 'UQ_Coupon'. Cannot insert duplicate key in object 'dbo.Coupon'. The duplicate key value is (${i.code}).`,
    frames: `   at Microsoft.Data.SqlClient.SqlConnection.OnError(SqlException exception)\n${own(b, "Coupon(String code)")}`,
  }),
  booking: (i, b) => ({
    type: "System.InvalidOperationException",
    message: `Booking ${i.booking} not found`,
    frames: own(b, `<Booking>d__${b.closure}.MoveNext()`),
  }),
};

/** .NET's stacks, written from the documented form of `Exception.ToString()`: the machine that made the others has no .NET. */
export const dotnet: readonly Stack[] = Object.entries(failures).flatMap(([label, failure]) =>
  builds.flatMap((build) =>
    inputs.map((input) => {
      const { type, message, inner, frames } = failure(input, build);
      const errorStack = [`${type}: ${message}${inner ? `\n${inner}` : ""}`, frames, caller(build)].join("\n");
      return { family: ".NET", made: false, label, errorType: type, errorMessage: message, errorStack };
    }),
  ),
);
