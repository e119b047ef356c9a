internal import PupBasics

/// Runs scripts written as web workers: they wait for a message and reply with messages. (The original runs
/// every worker this way.) The host is a few lines of JavaScript in a `data:` URL, so there is no file that
/// could go missing or be altered, and deno looks for its own configuration in the working directory, as it
/// does for a script there. Whether a script needs the host is decided where the script is read anyway, in
/// the new process: nothing in Pup waits for a file, and the current version of an edited script counts.
enum WorkerHost {
  /// Text that such a script contains anywhere …
  private static let marks = [
    "self.onmessage", "globalThis.onmessage", "self as any).onmessage", "Scope).onmessage", "self as Worker).onmessage",
    "unknown as Worker).onmessage",
    "self.addEventListener(\"message\"", "self.addEventListener('message'", "globalThis.addEventListener(\"message\"",
    "globalThis.addEventListener('message'",
  ]
  /// … or at the start of a line.
  private static let beginnings = ["onmessage", "addEventListener(\"message\"", "addEventListener('message'"]

  /// Whether a script waits for messages.
  static func isNeeded(by script: [UInt8]) -> Bool {
    let lines = script.split(separator: UInt8(ascii: "\n"))
    return lines.contains { line in
      beginnings.contains { line.starts(with: $0.utf8) } || marks.contains { line.holds(Array($0.utf8)) }
    }
  }

  /// Arguments for /bin/sh, which decides and then becomes deno.
  static func arguments(deno: String, options: [String], words: [String]) -> [String] {
    let patterns = (marks.map(escaped) + beginnings.map { "^" + escaped($0) }).map { "-e " + ShellWords.quoted($0) }
    let run = (["exec", "\"$deno\""] + options.map(ShellWords.quoted)).joined(separator: " ")
    let text =
      "deno=$1; shift; if grep -q \(patterns.joined(separator: " ")) -- \"$1\" 2>/dev/null; then \(run) \"$0\" \"$@\"; else \(run) \"$@\"; fi"
    return ["sh", "-c", text, url, deno] + words
  }

  /// A POSIX basic regular expression that matches exactly this text.
  private static func escaped(_ text: String) -> String {
    text.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
  }

  /// Translates the worker's messages: text and errors become lines, and its exit code becomes the process's.
  private static let script = """
    // Pup: runs a script as a web worker.
    const [script, ...run] = Deno.args;
    const path = script.startsWith("/") ? script : `${Deno.cwd()}/${script}`;
    const url = "file://" + path.split("/").map(encodeURIComponent).join("/");
    const write = (stream, text) => {
      const line = String(text);
      let bytes = new TextEncoder().encode(line.endsWith("\\n") ? line : line + "\\n");
      while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
    };
    const worker = new Worker(url, { type: "module", name: Deno.env.get("PUP_PROCESS_ID") });
    worker.onmessage = ({ data }) => {
      if (data?.type === "stdout") write(Deno.stdout, data.message);
      if (data?.type === "stderr") write(Deno.stderr, data.message);
      if (data?.type === "exit") Deno.exit(Number.isInteger(data.code) ? data.code & 255 : data.success ? 0 : 1);
    };
    worker.onmessageerror = () => write(Deno.stderr, "a message from the worker cannot be decoded");
    // deno has reported it already.
    worker.onerror = () => Deno.exit(1);
    worker.postMessage({ run, cwd: Deno.cwd(), env: Deno.env.toObject() });

    """

  private static let url = "data:text/javascript," + script.utf8.map(encoded).joined()

  private static func encoded(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      String(UnicodeScalar(byte))
    default: "%" + HexText.digits(UInt64(byte), 2)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func holds(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return true }
    return indices.contains { self[$0] == first && self[$0...].starts(with: text) }
  }
}
