import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.Collectors;
// PAD

public class Stock {
  static final Map<String, String> stock = new HashMap<>();

  static int reserve(String key) {
    return stock.get(key).length();
  }

  static int release(String key) {
    return stock.get(key).length();
  }

  static int connect(String key) {
    throw new IllegalStateException("connect to 10.0.0." + key.length() + ":5432 timed out after " + key.length() * 250 + "ms");
  }

  static void wrapped(java.util.function.ToIntFunction<String> inner, String key) {
    try {
      inner.applyAsInt(key);
    } catch (RuntimeException cause) {
      OrderFailed failed = new OrderFailed("could not reserve " + key, cause);
      failed.addSuppressed(new IllegalStateException("rollback", new RuntimeException("closed " + key)));
      throw failed;
    }
  }

  static void run(String label, Step step) {
    String[][] inputs = {{"ORD-1", "SPRING", "X7K2PQ"}, {"ORD-77", "early (bird)", "QF9ZL1"}};
    for (String[] input : inputs) {
      List<Integer> rows = input[0].equals("ORD-1") ? List.of(12, 15, 19) : List.of(12);
      try {
        step.run(input[0], rows, input[1], input[2]);
      } catch (RuntimeException error) {
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        System.out.print(String.join("\u001f", label, error.getClass().getName(), String.valueOf(error.getMessage()), stack.toString()) + "\u001e");
      }
    }
  }

  public static void main(String[] args) {
    run("reserve", (key, rows, code, booking) -> List.of(key).forEach(Stock::reserve));
    run("release", (key, rows, code, booking) -> List.of(key).forEach(Stock::release));
    run("wrapped connect", (key, rows, code, booking) -> wrapped(Stock::connect, key));
    run("wrapped reserve", (key, rows, code, booking) -> wrapped(Stock::reserve, key));
    run("rows", (key, rows, code, booking) -> {
      throw new IllegalArgumentException("Rows failed: " + rows.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    });
    run("coupon", (key, rows, code, booking) -> {
      throw new IllegalStateException("ERROR: duplicate key value violates unique constraint \"coupon_code_key\"\n  Detail: Key (code)=(" + code + ") already exists.");
    });
    run("booking", (key, rows, code, booking) -> Optional.empty().orElseThrow(() -> new IllegalStateException("Booking " + booking + " not found")));
    run("number", (key, rows, code, booking) -> Integer.parseInt(code));
  }
}

class OrderFailed extends RuntimeException {
  OrderFailed(String message, Throwable cause) {
    super(message, cause);
  }
}

interface Step {
  void run(String key, List<Integer> rows, String code, String booking);
}
