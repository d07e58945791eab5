use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::panic;
use std::sync::Mutex;
// PAD
#[derive(Debug)]
struct Failed(String, Option<Box<dyn Error>>);
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref()
    }
}

mod stock {
    #[inline(never)]
    pub fn reserve(key: &str) -> usize {
        let none: Option<usize> = if key.is_empty() { Some(1) } else { None };
        none.expect("no stock") + 1
    }
    #[inline(never)]
    pub fn release(key: &str) -> usize {
        let none: Option<usize> = if key.is_empty() { Some(2) } else { None };
        none.expect("no stock") + 2
    }
    #[inline(never)]
    pub fn rows(rows: &[&str]) {
        panic!("Rows failed: {}", rows.join(", "))
    }
    #[inline(never)]
    pub fn coupon(code: &str) {
        panic!("duplicate key value violates unique constraint \"coupon_code_key\" Detail: Key (code)=({code}) already exists.")
    }
    #[inline(never)]
    pub fn booking(code: &str) {
        [code].iter().for_each(|each| panic!("Booking {each} not found"))
    }
}

#[inline(never)]
fn wrapped(key: &str, inner: Box<dyn Error>) -> (String, String) {
    let failed = Failed(format!("could not reserve {key}"), Some(Box::new(Failed("query failed".into(), Some(inner)))));
    let mut text = format!("Error: {failed}\n\nCaused by:\n");
    let mut source = failed.source();
    let mut n = 0;
    while let Some(each) = source {
        text += &format!("    {n}: {each}\n");
        n += 1;
        source = each.source();
    }
    (failed.to_string(), format!("{text}\nStack backtrace:\n{}", Backtrace::force_capture()))
}

static LAST: Mutex<(String, String)> = Mutex::new((String::new(), String::new()));

fn emit(label: &str, kind: &str, message: &str, stack: &str) {
    print!("{label}\x1f{kind}\x1f{message}\x1f{stack}\x1e");
}

fn run(label: &str, fail: impl FnOnce() + panic::UnwindSafe) {
    if panic::catch_unwind(fail).is_err() {
        let (message, stack) = LAST.lock().unwrap().clone();
        emit(label, "panic", &message, &stack);
    }
}

fn main() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload().downcast_ref::<String>().cloned().or(info.payload().downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
        let at = info.location().unwrap();
        *LAST.lock().unwrap() = (message.clone(), format!("thread 'main' panicked at {at}:\n{message}\nstack backtrace:\n{}", Backtrace::force_capture()));
    }));
    let inputs: [(&str, &[&str], &str, &str); 2] = [("ORD-1", &["12", "15", "19"], "SPRING", "X7K2PQ"), ("ORD-77", &["12"], "early (bird)", "QF9ZL1")];
    for (key, rows, code, booking) in inputs {
        run("reserve", || { stock::reserve(key); });
        run("release", || { stock::release(key); });
        run("rows", || stock::rows(rows));
        run("coupon", || stock::coupon(code));
        run("booking", || stock::booking(booking));
        let (message, stack) = wrapped(key, Box::new(Failed(format!("connection to 10.0.0.{}:5432 refused", key.len()), None)));
        emit("wrapped connect", "Failed", &message, &stack);
        let (message, stack) = wrapped(key, "x".parse::<i32>().unwrap_err().into());
        emit("wrapped parse", "Failed", &message, &stack);
    }
}
