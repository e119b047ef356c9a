internal import PupAPI
internal import PupStore
internal import PupSystem
internal import PupTokens

/// What `pup token …` is asked to do.
enum TokenTask {
  case create(TokenRequest)
  case list
  case revoke(TokenRevocation)
  case reinstate(String)
  case rotateSecret

  static func list(_ arguments: ParsedArguments) throws(UsageError) -> TokenTask {
    try arguments.refusePositional()
    return .list
  }

  static func rotateSecret(_ arguments: ParsedArguments) throws(UsageError) -> TokenTask {
    try arguments.refusePositional()
    return .rotateSecret
  }

  static func revoke(_ arguments: ParsedArguments) throws(UsageError) -> TokenTask {
    let words = arguments.positional
    switch (words.first, arguments.value("consumer")) {
    case (let id?, nil) where words.count == 1: return .revoke(.id(id))
    case (nil, let consumer?): return .revoke(.consumer(consumer))
    default: throw UsageError(message: "which one? pup token revoke ID, or --consumer NAME for all of a consumer")
    }
  }

  static func reinstate(_ arguments: ParsedArguments) throws(UsageError) -> TokenTask {
    let (consumer, words) = (arguments.value("consumer"), arguments.positional)
    guard let name = consumer ?? words.first, words.count + (consumer == nil ? 0 : 1) == 1 else {
      throw UsageError(message: "--consumer NAME is needed")
    }
    return .reinstate(name)
  }

  static func create(_ arguments: ParsedArguments) throws(UsageError) -> TokenTask {
    if let word = arguments.positional.first { throw UsageError(message: "'\(word)': write --consumer \(word)") }
    guard let consumer = arguments.value("consumer") else { throw UsageError(message: "--consumer NAME is needed") }
    if let problem = ReservedConsumer.problem(consumer) { throw UsageError(message: "--consumer: \(problem)") }
    let scopes = arguments.all("scope").flatMap { $0.split(separator: ",").map(String.init) }
    for scope in scopes where TokenScope(text: scope) == nil {
      throw UsageError(
        message: "--scope \(scope): known are \(TokenScope.words.joined(separator: ", ")) and control:GLOB")
    }
    let life = try arguments.seconds("expire-in", in: 1...Int(TokenRequest.longestLife))
    let request = TokenRequest(consumer: consumer, scopes: scopes.isEmpty ? nil : scopes, expiresIn: life.map(Int64.init))
    // The same checks as the server's.
    do throws(PupError) {
      return .create(try TokenRequest(jsonBytes: request.jsonBytes))
    } catch {
      throw UsageError(message: error.message)
    }
  }

  func run(_ book: any TokenBook, asJSON: Bool) throws(CommandFailure) {
    switch self {
    case .create(let request):
      let created = try book.create(request)
      if asJSON { return Terminal.print(created.jsonText + "\n") }
      Terminal.print(created.token + "\n")
      if Terminal.isInteractive, created.expires == nil {
        Terminal.complain("pup: this token never expires; to revoke it: pup token revoke \(created.id)")
      }
    case .list:
      let tokens = try book.tokens()
      if asJSON { return Terminal.print(tokens.jsonText + "\n") }
      if tokens.isEmpty { return Terminal.print(Self.none) }
      Terminal.write(Self.table(tokens))
      if let note = Self.note(tokens) { Terminal.print(note + "\n") }
    case .revoke(let revocation):
      let tokens = try book.tokens()
      switch revocation {
      case .id(let id):
        // The interface revokes whatever id it is given; here a slip must not look like a success.
        guard tokens.contains(where: { $0.id == id }) else {
          throw CommandFailure(66, "there is no token '\(id)'; nothing was revoked; see: pup token list")
        }
        try book.revoke(revocation)
        Self.done("the token \(id) is revoked", asJSON)
      case .consumer(let name):
        try book.revoke(revocation)
        Self.done(Self.revoked(tokens, of: name), asJSON)
      }
    case .reinstate(let consumer):
      let tokens = try book.tokens()
      try book.reinstate(consumer)
      Self.done(Self.reinstated(tokens, of: consumer), asJSON)
    case .rotateSecret:
      try book.rotateSecret()
      Self.done("a new secret signs tokens; all earlier tokens are now invalid", asJSON)
    }
  }

  static let none = "no tokens were issued\n"

  /// "2 tokens of deploy are revoked, and it gets no new ones; …"
  static func revoked(_ tokens: [TokenInfo], of consumer: String) -> String {
    let folded = ConsumerRevocation.folded(consumer)
    let count = tokens.count { ConsumerRevocation.folded($0.consumer) == folded }
    let which =
      switch count {
      case 0: "no token of \(consumer) is known"
      case 1: "the one token of \(consumer) is revoked"
      default: "all \(count) tokens of \(consumer) are revoked"
      }
    return "\(which); new ones are refused until: pup token reinstate --consumer \(consumer)"
  }

  /// "tokens of deploy are good again, except 2 that …"
  static func reinstated(_ tokens: [TokenInfo], of consumer: String) -> String {
    let folded = ConsumerRevocation.folded(consumer)
    let own = tokens.filter { ConsumerRevocation.folded($0.consumer) == folded }
    let void = own.count { $0.void != nil }
    if void == 0 { return "tokens of \(consumer) are good again" }
    if void == own.count {
      return "\(consumer) may have new tokens again; its earlier ones stay void, because they were \(TokenInfo.ofAnotherSecret)"
    }
    return "tokens of \(consumer) are good again, except \(void) that \(void == 1 ? "was" : "were") \(TokenInfo.ofAnotherSecret)"
  }

  /// Below the table: what `void` means, where it stands there.
  static func note(_ tokens: [TokenInfo]) -> String? {
    guard let reason = tokens.lazy.compactMap(\.void).first else { return nil }
    return "void: \(reason); it cannot be reinstated, only replaced by a new one"
  }

  /// Clocks differ: a token is taken for a while after its end.
  static func state(of token: TokenInfo, now: ISODate) -> TokenState {
    if token.void != nil { return .void }
    if token.revoked != nil { return .revoked }
    guard let expires = token.expires, expires <= now else { return .good }
    return expires.microseconds + Authorizer.slack * 1_000_000 > now.microseconds ? .ending : .expired
  }

  private static func done(_ text: String, _ asJSON: Bool) {
    Terminal.print(asJSON ? ActionResult(.done, message: text).jsonText + "\n" : text + "\n")
  }

  private static func table(_ tokens: [TokenInfo]) -> ScreenText {
    let now = ISODate(microseconds: Clock.wallMicroseconds)
    var table = Table([
      Table.Column(title: "ID"), Table.Column(title: "CONSUMER"), Table.Column(title: "STATE"), Table.Column(title: "CREATED"),
      Table.Column(title: "EXPIRES"), Table.Column(title: "SCOPES"),
    ])
    for token in tokens {
      let state = state(of: token, now: now)
      table.add([
        Table.Cell(token.id), Table.Cell(token.consumer),
        Table.Cell(state.rawValue, colour: state.colour),
        Table.Cell(token.created.text), Table.Cell(token.expires?.text),
        Table.Cell(token.scopes.joined(separator: ",")),
      ])
    }
    return table.rendered(width: Terminal.width, colours: Terminal.hasColours)
  }
}
