// Required by every child before its program: when the parent is gone, however it went, the channel closes and the child ends as if
// it had been asked to. Plain CommonJS, because it must listen before anything asynchronous happens, and Next is started without tsx.
if (process.channel) {
  process.on("disconnect", () => {
    setTimeout(() => process.exit(1), 5_000).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // Listening must not keep a finished program alive.
  process.channel.unref();
}
