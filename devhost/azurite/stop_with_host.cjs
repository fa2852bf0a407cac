// Makes Azurite leave when its stdin closes: that happens when its host stops and also when it is killed with -9.
"use strict";

process.stdin.resume();
process.stdin.unref();
process.stdin.once("close", () => {
  // Azurite writes its databases down on SIGTERM; while it still starts, the signal just ends it.
  process.kill(process.pid, "SIGTERM");
  // A client that never hangs up must not keep it; the databases take far less time than this.
  setTimeout(() => process.exit(0), 5000).unref();
});
